namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.ioprio</c> of the send and receive operations.</summary>
internal static class IORING_RECVSEND
{
    // 5.19: wait for readiness before the first attempt.
    public const ushort IORING_RECVSEND_POLL_FIRST = 1 << 0;

    // 6.0
    public const ushort IORING_RECV_MULTISHOT = 1 << 1;

    // 6.0
    public const ushort IORING_RECVSEND_FIXED_BUF = 1 << 2;

    // 6.2
    public const ushort IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

    // 6.10
    public const ushort IORING_RECVSEND_BUNDLE = 1 << 4;

    // 6.17
    public const ushort IORING_SEND_VECTORIZED = 1 << 5;
}
