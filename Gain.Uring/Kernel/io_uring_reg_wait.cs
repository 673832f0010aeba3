using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>An entry of a registered wait region; 6.13.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct io_uring_reg_wait
{
    [FieldOffset(0)] public __kernel_timespec ts;
    [FieldOffset(16)] public uint min_wait_usec;
    [FieldOffset(20)] public uint flags;
    [FieldOffset(24)] public ulong sigmask;
    [FieldOffset(32)] public uint sigmask_sz;
}
