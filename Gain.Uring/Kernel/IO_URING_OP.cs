namespace Gain.Kernel;

/// <summary><c>io_uring_probe_op.flags</c>.</summary>
internal static class IO_URING_OP
{
    public const ushort IO_URING_OP_SUPPORTED = 1 << 0;
}
