using System.Runtime.InteropServices;
using System.Text;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// Copies of the paths and names that a ring's entries were prepared with as text: one block for each place
/// of the submission ring. A block is written anew when its place is prepared anew, which is after the kernel
/// took the entry that had it; the kernel copies names when it takes an entry.
/// </summary>
internal sealed unsafe class EntryNames
{
    /// <summary>The longest that is copied, with its zero: PATH_MAX, the kernel's own limit.</summary>
    internal const int MaxBytes = 4096;

    // An entry leads to its ring's memory and not to its ring: only the copies need that, and find it among
    // the thread's few. What was disposed of on another thread goes when the next one comes.
    [ThreadStatic]
    private static List<Ring>? s_rings;

    // SAFETY: blocks of this object's own, until Release.
    private (nint Start, int Bytes)[] _blocks;

    internal EntryNames(uint entries) => _blocks = new (nint, int)[entries];

    /// <summary>The thread's ring from now on.</summary>
    internal static void Join(Ring ring)
    {
        s_rings ??= [];
        s_rings.RemoveAll(static other => other.IsDisposed);
        if (!s_rings.Contains(ring))
        {
            s_rings.Add(ring);
        }
    }

    /// <summary>The ring is disposed of.</summary>
    internal static void Leave(Ring ring) => s_rings?.Remove(ring);

    /// <summary>Copies text for an entry, with a zero behind each.</summary>
    // SAFETY: the result stays until the entry's place is prepared anew, after the kernel took it.
    internal static byte* Copy(
        io_uring_sqe* entry, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out byte* secondCopy)
    {
        Check(first);
        Check(second);
        byte* copy = Find(entry, out int place).Block(place, first.Length + second.Length + 2);
        secondCopy = copy + first.Length + 1;
        first.CopyTo(new Span<byte>(copy, first.Length));
        copy[first.Length] = 0;
        second.CopyTo(new Span<byte>(secondCopy, second.Length));
        secondCopy[second.Length] = 0;
        return copy;
    }

    /// <summary>Encodes text into memory that is large enough for any that is taken.</summary>
    internal static ReadOnlySpan<byte> Encode(string text, Span<byte> memory)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Encoding.UTF8.GetByteCount(text) >= MaxBytes)
        {
            ThrowTooLong(Encoding.UTF8.GetByteCount(text));
        }

        return memory[..Encoding.UTF8.GetBytes(text, memory)];
    }

    /// <summary>Follows entries that are not taken yet to their places in a ring of another size.</summary>
    internal void Move(uint head, uint tail, uint oldMask, uint newMask)
    {
        var blocks = new (nint, int)[newMask + 1];
        for (uint i = head; i != tail; i++)
        {
            blocks[i & newMask] = _blocks[i & oldMask];
            _blocks[i & oldMask] = default;
        }

        Release();
        _blocks = blocks;
    }

    /// <summary>Follows entries that moved down by some places.</summary>
    internal void Shift(int by, int count)
    {
        for (int i = 0; i < count && by != 0; i++)
        {
            (_blocks[i], _blocks[i + by]) = (_blocks[i + by], _blocks[i]);
        }
    }

    internal void Release()
    {
        foreach ((nint start, _) in _blocks)
        {
            NativeMemory.Free((void*)start);
        }

        Array.Clear(_blocks);
    }

    private static EntryNames Find(io_uring_sqe* entry, out int place)
    {
        foreach (Ring ring in CollectionsMarshal.AsSpan(s_rings))
        {
            if (ring.TryFindPlace(entry, out place))
            {
                return ring.Names;
            }
        }

        throw new InvalidOperationException(
            "The entry is of no ring of this thread: prepare it on the thread that took it.");
    }

    private static void Check(ReadOnlySpan<byte> text)
    {
        int zero = text.IndexOf((byte)0);
        if (zero >= 0)
        {
            throw new ArgumentException(
                $"The name has a zero byte at {zero}, where the kernel would see its end: pass what is in "
                + "front of it.");
        }

        if (text.Length >= MaxBytes)
        {
            ThrowTooLong(text.Length);
        }
    }

    private static void ThrowTooLong(int length) => throw new ArgumentException(
        $"The name has {length:N0} bytes, and the kernel takes at most {MaxBytes - 1:N0} (PATH_MAX): open "
        + "its directory, and name it from there.");

    private byte* Block(int place, int bytes)
    {
        ref (nint Start, int Bytes) block = ref _blocks[place];
        if (block.Bytes < bytes)
        {
            int rounded = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, 64));
            block.Start = (nint)NativeMemory.Realloc((void*)block.Start, (nuint)rounded);
            block.Bytes = rounded;
        }

        return (byte*)block.Start;
    }
}
