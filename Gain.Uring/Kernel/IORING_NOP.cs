namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.nop_flags</c>.</summary>
internal static class IORING_NOP
{
    // 6.10
    public const uint IORING_NOP_INJECT_RESULT = 1u << 0;

    // 6.18
    public const uint IORING_NOP_CQE32 = 1u << 5;
}
