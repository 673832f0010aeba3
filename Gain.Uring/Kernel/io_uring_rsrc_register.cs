using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_FILES2 and IORING_REGISTER_BUFFERS2.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_rsrc_register
{
    public uint nr;
    public uint flags;
    public ulong resv2;
    public ulong data;
    public ulong tags;
}
