namespace Gain.Kernel;

/// <summary><c>io_uring_reg_wait.flags</c>.</summary>
internal static class IORING_REG_WAIT
{
    public const uint IORING_REG_WAIT_TS = 1u << 0;
}
