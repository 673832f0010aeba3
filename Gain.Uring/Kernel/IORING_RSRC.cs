namespace Gain.Kernel;

/// <summary><c>io_uring_rsrc_register.flags</c>.</summary>
internal static class IORING_RSRC
{
    public const uint IORING_RSRC_REGISTER_SPARSE = 1u << 0;
}
