using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>What IO_URING_QUERY_ZCRX tells; 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct io_uring_query_zcrx
{
    [FieldOffset(0)] public ulong register_flags;
    [FieldOffset(8)] public ulong area_flags;
    [FieldOffset(16)] public uint nr_ctrl_opcodes;
    [FieldOffset(20)] public uint features;
    [FieldOffset(24)] public uint rq_hdr_size;
    [FieldOffset(28)] public uint rq_hdr_alignment;
    [FieldOffset(32)] public ulong __resv2;
}
