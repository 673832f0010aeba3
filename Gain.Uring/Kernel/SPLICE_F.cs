namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.splice_flags</c> beyond those of splice(2).</summary>
internal static class SPLICE_F
{
    public const uint SPLICE_F_FD_IN_FIXED = 1u << 31;
}
