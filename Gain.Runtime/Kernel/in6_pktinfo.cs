using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>Where an IPv6 datagram arrived, or is to leave from (IPV6_PKTINFO in ipv6(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct in6_pktinfo
{
    public fixed byte ipi6_addr[16];
    public uint ipi6_ifindex;
}
