using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>What IO_URING_QUERY_OPCODES tells; 6.18.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct io_uring_query_opcode
{
    [FieldOffset(0)] public uint nr_request_opcodes;
    [FieldOffset(4)] public uint nr_register_opcodes;
    [FieldOffset(8)] public ulong feature_flags;
    [FieldOffset(16)] public ulong ring_setup_flags;
    [FieldOffset(24)] public ulong enter_flags;
    [FieldOffset(32)] public ulong sqe_flags;
    [FieldOffset(40)] public uint nr_query_opcodes;
}
