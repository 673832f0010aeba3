using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_ZCRX_IFQ; 6.15.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct io_uring_zcrx_ifq_reg
{
    [FieldOffset(0)] public uint if_idx;
    [FieldOffset(4)] public uint if_rxq;
    [FieldOffset(8)] public uint rq_entries;
    [FieldOffset(12)] public uint flags;
    [FieldOffset(16)] public ulong area_ptr;
    [FieldOffset(24)] public ulong region_ptr;
    [FieldOffset(32)] public io_uring_zcrx_offsets offsets;
    [FieldOffset(64)] public uint zcrx_id;
    [FieldOffset(68)] public uint rx_buf_len;
}
