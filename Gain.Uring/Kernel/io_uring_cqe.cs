using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A completion queue entry. With IORING_SETUP_CQE32, 16 more bytes follow it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_cqe
{
    public ulong user_data;
    public int res;
    public uint flags;
}
