using Gain.Kernel;

namespace Gain.Uring;

/// <summary>How a buffer ring works (<c>IOU_PBUF_RING_*</c>).</summary>
[Flags]
public enum BufferRingFlags : ushort
{
    /// <summary>The ring is in memory of the process, and each use takes a whole buffer.</summary>
    None = 0,

    /// <summary>The ring is in memory of the kernel. Linux 6.4.</summary>
    KernelMemory = IOU_PBUF_RING.IOU_PBUF_RING_MMAP,

    /// <summary>
    /// Each use takes from a buffer what it needs; <see cref="CompletionEntry.BufferHasMore"/> says that the
    /// kernel goes on with the same. Linux 6.12.
    /// </summary>
    Incremental = IOU_PBUF_RING.IOU_PBUF_RING_INC,
}
