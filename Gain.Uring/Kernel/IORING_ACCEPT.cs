namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.ioprio</c> of ACCEPT.</summary>
internal static class IORING_ACCEPT
{
    // 5.19
    public const ushort IORING_ACCEPT_MULTISHOT = 1 << 0;

    // 6.10
    public const ushort IORING_ACCEPT_DONTWAIT = 1 << 1;

    public const ushort IORING_ACCEPT_POLL_FIRST = 1 << 2;
}
