namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.uring_cmd_flags</c>.</summary>
internal static class IORING_URING_CMD
{
    public const uint IORING_URING_CMD_FIXED = 1u << 0;
    public const uint IORING_URING_CMD_MASK = IORING_URING_CMD_FIXED;
}
