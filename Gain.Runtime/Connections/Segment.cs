using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// The head of a block of outbound bytes. <see cref="Capacity"/> bytes of data follow it in the block.
/// </summary>
/// <remarks>
/// The bytes from <see cref="Start"/> to the end that a send was armed with are the kernel's until that
/// send's completion. Bytes behind them may be written meanwhile: the kernel does not look there.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Segment
{
    /// <summary>The data that fits, in bytes: one receive buffer of the default size.</summary>
    public const int Capacity = 16_384;

    /// <summary>
    /// The distance between blocks. It is no power of two, so that the busy first lines of many blocks fall
    /// into different cache sets: at a stride of 16 KiB they would all share a few.
    /// </summary>
    public const int Stride = 16 + Capacity + 48;

    /// <summary>The next segment of the same queue, or of the free list.</summary>
    public Segment* Next;

    /// <summary>The offset of the first byte that was not sent.</summary>
    public int Start;

    /// <summary>The offset behind the last byte that was written.</summary>
    public int End;

    // SAFETY: the block's data belongs to whoever holds the segment; see OutboundQueue and SegmentPool.
    public static byte* DataOf(Segment* segment) => (byte*)segment + 16;
}
