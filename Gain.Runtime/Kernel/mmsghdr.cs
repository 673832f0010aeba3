using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One message of recvmmsg(2) and sendmmsg(2), and how many bytes of it there were.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct mmsghdr
{
    [FieldOffset(0)] public msghdr msg_hdr;
    [FieldOffset(56)] public uint msg_len;
}
