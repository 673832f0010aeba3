using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A memory region; 6.13.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct io_uring_region_desc
{
    [FieldOffset(0)] public ulong user_addr;
    [FieldOffset(8)] public ulong size;
    [FieldOffset(16)] public uint flags;
    [FieldOffset(20)] public uint id;
    [FieldOffset(24)] public ulong mmap_offset;
}
