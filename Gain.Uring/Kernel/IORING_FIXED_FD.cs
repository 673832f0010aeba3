namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.install_fd_flags</c>.</summary>
internal static class IORING_FIXED_FD
{
    public const uint IORING_FIXED_FD_NO_CLOEXEC = 1u << 0;
}
