using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>What IO_URING_QUERY_SCQ tells; 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_query_scq
{
    [FieldOffset(0)] public ulong hdr_size;
    [FieldOffset(8)] public ulong hdr_alignment;
}
