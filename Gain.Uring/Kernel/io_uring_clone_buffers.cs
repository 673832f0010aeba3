using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_CLONE_BUFFERS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct io_uring_clone_buffers
{
    [FieldOffset(0)] public uint src_fd;
    [FieldOffset(4)] public uint flags;
    [FieldOffset(8)] public uint src_off;
    [FieldOffset(12)] public uint dst_off;
    [FieldOffset(16)] public uint nr;
}
