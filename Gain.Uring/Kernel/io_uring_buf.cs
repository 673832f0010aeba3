using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A buffer in a buffer ring. The <c>resv</c> of the first one is the ring's tail.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_buf
{
    public ulong addr;
    public uint len;
    public ushort bid;
    public ushort resv;
}
