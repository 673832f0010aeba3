namespace Gain.Kernel;

/// <summary><c>io_uring_clone_buffers.flags</c>.</summary>
internal static class IORING_CLONE_BUFFERS
{
    public const uint IORING_REGISTER_SRC_REGISTERED = 1u << 0;
    public const uint IORING_REGISTER_DST_REPLACE = 1u << 1;
}
