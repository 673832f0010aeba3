namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.fsync_flags</c>.</summary>
internal static class IORING_FSYNC
{
    public const uint IORING_FSYNC_DATASYNC = 1u << 0;
}
