namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.timeout_flags</c>.</summary>
internal static class IORING_TIMEOUT
{
    public const uint IORING_TIMEOUT_ABS = 1u << 0;

    // 5.11
    public const uint IORING_TIMEOUT_UPDATE = 1u << 1;

    // 5.15
    public const uint IORING_TIMEOUT_BOOTTIME = 1u << 2;

    public const uint IORING_TIMEOUT_REALTIME = 1u << 3;
    public const uint IORING_LINK_TIMEOUT_UPDATE = 1u << 4;

    // 5.16: an expired timeout does not break a chain of links.
    public const uint IORING_TIMEOUT_ETIME_SUCCESS = 1u << 5;

    // 6.4
    public const uint IORING_TIMEOUT_MULTISHOT = 1u << 6;

    // Newer than 6.19: addr is the time in nanoseconds.
    public const uint IORING_TIMEOUT_IMMEDIATE_ARG = 1u << 7;

    public const uint IORING_TIMEOUT_CLOCK_MASK = IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;
    public const uint IORING_TIMEOUT_UPDATE_MASK = IORING_TIMEOUT_UPDATE | IORING_LINK_TIMEOUT_UPDATE;
}
