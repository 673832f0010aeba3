using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// The head of the buffer that a multishot RECVMSG filled; name, control and payload follow it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_recvmsg_out
{
    public uint namelen;
    public uint controllen;
    public uint payloadlen;
    public uint flags;
}
