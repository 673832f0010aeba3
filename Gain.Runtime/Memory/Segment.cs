using System.Runtime.InteropServices;

namespace Gain.Memory;

/// <summary>The head of a piece of outbound bytes, one of a queue's.</summary>
/// <remarks>
/// The bytes from <see cref="Start"/> to the end that a send was armed with are the kernel's until that
/// send's completion. Bytes behind them may be written meanwhile: the kernel does not look there.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = HeadBytes)]
internal unsafe struct Segment
{
    /// <summary>The size of a head.</summary>
    public const int HeadBytes = 32;

    /// <summary>The data that fits into a pooled one, in bytes: a default receive buffer's.</summary>
    public const int PooledCapacity = 16_384;

    /// <summary>
    /// The distance between pooled ones. It is no power of two, so that the busy first lines of many blocks
    /// fall into different cache sets: at a stride of 16 KiB they would all share a few.
    /// </summary>
    public const int Stride = HeadBytes + PooledCapacity + 32;

    /// <summary>The next segment of the same queue, or of the free list.</summary>
    // SAFETY: of the same worker's pool; the list that the segment is in owns both.
    public Segment* Next;

    /// <summary>The bytes.</summary>
    // SAFETY: the segment's own memory, which goes back with it; or static memory, which stays forever.
    public byte* Data;

    /// <summary>The offset of the first byte that was not sent.</summary>
    public int Start;

    /// <summary>The offset behind the last byte that was written.</summary>
    public int End;

    /// <summary>The offset up to which may be written.</summary>
    public int Capacity;

    /// <summary>Whose the bytes are, and where the segment goes in the end.</summary>
    public SegmentKind Kind;

    /// <summary>The bytes that may still be written.</summary>
    public readonly int Room => Capacity - End;
}
