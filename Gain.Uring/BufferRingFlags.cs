using Gain.Kernel;

namespace Gain.Uring;

/// <summary>How a buffer ring works (<c>IOU_PBUF_RING_*</c>).</summary>
[Flags]
public enum BufferRingFlags : ushort
{
    /// <summary>The ring is in the process's memory, and each use takes a whole buffer.</summary>
    None = 0,

    /// <summary>The ring is in the kernel's memory. Linux 6.4.</summary>
    KernelMemory = IOU_PBUF_RING.IOU_PBUF_RING_MMAP,

    /// <summary>
    /// Each use takes only the bytes that it needs from a buffer; <see cref="CompletionEntry.BufferHasMore"/>
    /// says that the kernel goes on with the same buffer. Linux 6.12.
    /// </summary>
    Incremental = IOU_PBUF_RING.IOU_PBUF_RING_INC,
}
