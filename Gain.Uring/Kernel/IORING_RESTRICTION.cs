namespace Gain.Kernel;

/// <summary><c>io_uring_restriction.opcode</c>.</summary>
internal static class IORING_RESTRICTION
{
    public const ushort IORING_RESTRICTION_REGISTER_OP = 0;
    public const ushort IORING_RESTRICTION_SQE_OP = 1;
    public const ushort IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;
    public const ushort IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3;
}
