using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>Where an IPv4 datagram arrived, or is to leave from (IP_PKTINFO in ip(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct in_pktinfo
{
    public int ipi_ifindex;
    public uint ipi_spec_dst;
    public uint ipi_addr;
}
