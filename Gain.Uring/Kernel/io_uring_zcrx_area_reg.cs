using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The memory that zero-copy receives go to; 6.15.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct io_uring_zcrx_area_reg
{
    [FieldOffset(0)] public ulong addr;
    [FieldOffset(8)] public ulong len;
    [FieldOffset(16)] public ulong rq_area_token;
    [FieldOffset(24)] public uint flags;
    [FieldOffset(28)] public uint dmabuf_fd;
}
