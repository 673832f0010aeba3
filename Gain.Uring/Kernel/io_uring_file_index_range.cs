using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_FILE_ALLOC_RANGE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_file_index_range
{
    public uint off;
    public uint len;
    public ulong resv;
}
