using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_SYNC_CANCEL.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct io_uring_sync_cancel_reg
{
    [FieldOffset(0)] public ulong addr;
    [FieldOffset(8)] public int fd;
    [FieldOffset(12)] public uint flags;
    [FieldOffset(16)] public __kernel_timespec timeout;
    [FieldOffset(32)] public byte opcode;
}
