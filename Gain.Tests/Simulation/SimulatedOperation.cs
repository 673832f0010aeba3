using Gain.CompilerServices;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>An operation, from its preparation until the worker has its last completion.</summary>
internal sealed unsafe class SimulatedOperation(Operation kind, ulong userData)
{
    private readonly List<(nint Start, int Length)> _pieces = [];

    public Operation Kind => kind;

    public ulong UserData => userData;

    /// <summary>The socket of a receive or a send.</summary>
    public SimulatedSocket? Socket { get; init; }

    /// <summary>The socket of a connect to one of a name's addresses.</summary>
    public SimulatedDial? Dial { get; init; }

    /// <summary>The listener of an accept.</summary>
    public SimulatedListener? Listener { get; init; }

    /// <summary>The accept is over with the first connection.</summary>
    public bool TakesOne { get; init; }

    /// <summary>What a cancellation cancels.</summary>
    public ulong Target { get; init; }

    /// <summary>The kernel has taken it.</summary>
    public bool IsSubmitted { get; set; }

    /// <summary>Its last completion has happened, whether or not the worker has seen it.</summary>
    public bool IsOver { get; set; }

    /// <summary>Completions that have happened and do not show yet.</summary>
    public int Hidden { get; set; }

    /// <summary>When the last of them shows: the next one may not show before.</summary>
    public long LastShownNs { get; set; }

    /// <summary>The bytes of a send.</summary>
    public int Length { get; private set; }

    /// <summary>How many of them went out.</summary>
    public int Done { get; set; }

    /// <summary>A pause in a send is planned.</summary>
    public bool IsPausing { get; set; }

    private ulong Checksum { get; set; }

    /// <summary>Adds memory to a send: it may not change until the worker has the completion.</summary>
    public void AddPiece(byte* start, int length)
    {
        _pieces.Add(((nint)start, length));
        Length += length;
        Checksum = ReadChecksum();
    }

    /// <summary>Whether a send's memory is what it was when it was prepared.</summary>
    public bool IsIntact => Checksum == ReadChecksum();

    /// <summary>The bytes that go out next, as many as lie together.</summary>
    public ReadOnlySpan<byte> Rest
    {
        get
        {
            int skip = Done;
            foreach ((nint start, int length) in _pieces)
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

    private ulong ReadChecksum()
    {
        ulong sum = 0;
        foreach ((nint start, int length) in _pieces)
        {
            var bytes = new ReadOnlySpan<byte>((byte*)start, length);
            foreach (ulong eight in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
            {
                sum = (sum ^ eight) * 1_099_511_628_211;
            }

            foreach (byte one in bytes[(length & ~7)..])
            {
                sum = (sum ^ one) * 1_099_511_628_211;
            }
        }

        return sum;
    }
}
