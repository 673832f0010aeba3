namespace Gain.Kernel;

/// <summary><c>io_uring_buf_reg.flags</c>.</summary>
internal static class IOU_PBUF_RING
{
    // 6.4: the kernel allocates the ring.
    public const ushort IOU_PBUF_RING_MMAP = 1;

    // 6.12: buffers are consumed bit by bit.
    public const ushort IOU_PBUF_RING_INC = 2;
}
