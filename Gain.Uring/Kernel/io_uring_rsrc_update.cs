using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_FILES_UPDATE and of IORING_(UN)REGISTER_RING_FDS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_rsrc_update
{
    public uint offset;
    public uint resv;
    public ulong data;
}
