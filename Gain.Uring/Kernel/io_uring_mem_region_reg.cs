using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_MEM_REGION.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct io_uring_mem_region_reg
{
    [FieldOffset(0)] public ulong region_uptr;
    [FieldOffset(8)] public ulong flags;
}
