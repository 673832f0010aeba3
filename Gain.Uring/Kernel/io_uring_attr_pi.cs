using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>Protection information of a read or write; 6.14.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_attr_pi
{
    public ushort flags;
    public ushort app_tag;
    public uint len;
    public ulong addr;
    public ulong seed;
    public ulong rsvd;
}
