using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>An IPv4 address and port (ip(7)); the port and the address are in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_in
{
    internal ushort sin_family;
    internal ushort sin_port;
    internal uint sin_addr;
    internal fixed byte sin_zero[8];
}
