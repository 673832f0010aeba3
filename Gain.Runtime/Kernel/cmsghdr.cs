using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The head of one piece of control data (cmsg(3)); its data follows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct cmsghdr
{
    public nuint cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
}
