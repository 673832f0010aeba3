namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.cancel_flags</c>, and those of a synchronous cancellation.</summary>
internal static class IORING_ASYNC_CANCEL
{
    // 5.19
    public const uint IORING_ASYNC_CANCEL_ALL = 1u << 0;

    public const uint IORING_ASYNC_CANCEL_FD = 1u << 1;
    public const uint IORING_ASYNC_CANCEL_ANY = 1u << 2;

    // 6.0
    public const uint IORING_ASYNC_CANCEL_FD_FIXED = 1u << 3;

    // 6.6
    public const uint IORING_ASYNC_CANCEL_USERDATA = 1u << 4;

    public const uint IORING_ASYNC_CANCEL_OP = 1u << 5;
}
