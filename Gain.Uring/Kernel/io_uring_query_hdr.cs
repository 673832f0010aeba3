using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_QUERY; 6.18.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct io_uring_query_hdr
{
    [FieldOffset(0)] public ulong next_entry;
    [FieldOffset(8)] public ulong query_data;
    [FieldOffset(16)] public uint query_op;
    [FieldOffset(20)] public uint size;
    [FieldOffset(24)] public int result;
}
