using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One restriction of IORING_REGISTER_RESTRICTIONS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_restriction
{
    [FieldOffset(0)] public ushort opcode;
    [FieldOffset(2)] public byte register_op;
    [FieldOffset(2)] public byte sqe_op;
    [FieldOffset(2)] public byte sqe_flags;
}
