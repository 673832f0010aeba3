namespace Gain.Kernel;

/// <summary><c>io_uring_cqe.flags</c>.</summary>
internal static class IORING_CQE
{
    // The upper 16 bits are the id of the buffer that was used.
    public const uint IORING_CQE_F_BUFFER = 1u << 0;

    // The same SQE will complete again.
    public const uint IORING_CQE_F_MORE = 1u << 1;

    // The socket has more to read; also at end of file.
    public const uint IORING_CQE_F_SOCK_NONEMPTY = 1u << 2;

    // The notification of a zero-copy send.
    public const uint IORING_CQE_F_NOTIF = 1u << 3;

    // 6.12: the buffer is consumed in part and stays the kernel's.
    public const uint IORING_CQE_F_BUF_MORE = 1u << 4;

    // 6.18: fills a gap in a mixed ring; to be ignored.
    public const uint IORING_CQE_F_SKIP = 1u << 5;

    // 6.16: a hardware time stamp.
    public const uint IORING_CQE_F_TSTAMP_HW = 1u << 16;

    // 6.18: a 32-byte CQE in a mixed ring.
    public const uint IORING_CQE_F_32 = 1u << 15;

    // Where the buffer id starts.
    public const int IORING_CQE_BUFFER_SHIFT = 16;

    // 6.16
    public const int IORING_TIMESTAMP_HW_SHIFT = 16;

    public const int IORING_TIMESTAMP_TYPE_SHIFT = 17;
}
