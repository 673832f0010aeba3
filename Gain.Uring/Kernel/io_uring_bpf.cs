using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_BPF_FILTER; newer than 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct io_uring_bpf
{
    [FieldOffset(0)] public ushort cmd_type;
    [FieldOffset(2)] public ushort cmd_flags;
    [FieldOffset(4)] public uint resv;
    [FieldOffset(8)] public io_uring_bpf_filter filter;
}
