using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>What a filter sees of a submission; newer than 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct io_uring_bpf_ctx
{
    [FieldOffset(0)] public ulong user_data;
    [FieldOffset(8)] public byte opcode;
    [FieldOffset(9)] public byte sqe_flags;
    [FieldOffset(10)] public byte pdu_size;
}
