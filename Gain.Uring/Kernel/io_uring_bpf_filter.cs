using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A filter of one operation's submissions; newer than 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct io_uring_bpf_filter
{
    [FieldOffset(0)] public uint opcode;
    [FieldOffset(4)] public uint flags;
    [FieldOffset(8)] public uint filter_len;
    [FieldOffset(12)] public byte pdu_size;
    [FieldOffset(16)] public ulong filter_ptr;
}
