using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// An IPv6 address and port (ipv6(7)); the scope is in host byte order, the rest in network's.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_in6
{
    internal ushort sin6_family;
    internal ushort sin6_port;
    internal uint sin6_flowinfo;
    internal fixed byte sin6_addr[16];
    internal uint sin6_scope_id;
}
