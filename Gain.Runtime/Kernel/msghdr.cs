using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A message, see sendmsg(2); the layout of 64-bit Linux, whichever the libc.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal unsafe struct msghdr
{
    // SAFETY: all three are the caller's, lent until the call returns or the operation has completed.
    [FieldOffset(0)] public void* msg_name;
    [FieldOffset(8)] public uint msg_namelen;
    [FieldOffset(16)] public iovec* msg_iov;
    [FieldOffset(24)] public nuint msg_iovlen;
    [FieldOffset(32)] public void* msg_control;
    [FieldOffset(40)] public nuint msg_controllen;
    [FieldOffset(48)] public int msg_flags;
}
