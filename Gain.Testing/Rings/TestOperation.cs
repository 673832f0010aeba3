using Gain.Kernel;
using Gain.Rings;

namespace Gain.Testing.Rings;

/// <summary>One of the operations that a socket or a listener can have in flight.</summary>
internal sealed unsafe class TestOperation(TestOperationKind kind, TestSocket? socket)
{
    private readonly (nint Start, int Length)[] _pieces = new (nint, int)[IRing.MaxPieces];
    private int _count;

    public TestOperationKind Kind => kind;

    /// <summary>Whose it is; null for a listener's.</summary>
    public TestSocket? Socket => socket;

    /// <summary>What its completions are known by.</summary>
    public ulong UserData { get; private set; }

    /// <summary>It is prepared, and has not had its last completion.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The kernel has taken it.</summary>
    public bool IsSubmitted { get; set; }

    /// <summary>An accept is over with its first connection.</summary>
    public bool TakesOne { get; set; }

    /// <summary>The bytes of a send.</summary>
    public int Length { get; private set; }

    /// <summary>How many of them went out.</summary>
    public int Done { get; set; }

    /// <summary>It can go on.</summary>
    public bool Runs => IsActive && IsSubmitted;

    public void Begin(ulong userData)
    {
        if (IsActive)
        {
            throw new InvalidOperationException($"A second {kind} was prepared while one is in flight.");
        }

        IsActive = true;
        IsSubmitted = false;
        TakesOne = false;
        UserData = userData;
        _count = 0;
        Length = 0;
        Done = 0;
    }

    public void End() => IsActive = false;

    /// <summary>Adds memory to a send, which is not changed before its completion.</summary>
    // SAFETY: the memory is the worker's, and the kernel's to read until the send's completion.
    public void AddPiece(byte* start, int length)
    {
        _pieces[_count++] = ((nint)start, length);
        Length += length;
    }

    public void AddPieces(ReadOnlySpan<iovec> pieces)
    {
        foreach (iovec piece in pieces)
        {
            AddPiece((byte*)piece.iov_base, (int)piece.iov_len);
        }
    }

    /// <summary>The bytes of a send that go out next, as many as lie together.</summary>
    public ReadOnlySpan<byte> Rest
    {
        get
        {
            int skip = Done;
            foreach ((nint start, int length) in _pieces.AsSpan(0, _count))
            {
                if (skip < length)
                {
                    return new ReadOnlySpan<byte>((byte*)start + skip, length - skip);
                }

                skip -= length;
            }

            return default;
        }
    }
}
