using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>Asks the kernel which addresses are the machine's own, now. Allocates nothing; any
/// thread.</summary>
internal static class MachineAddresses
{
    private const int LoopbackNetwork = 127;
    private const int V4HostBits = 24;

    /// <summary>
    /// Whether an IP address is one of the machine's: a socket that sends there sends from there. Nothing is
    /// sent. True as well when the process has no descriptor left to ask with.
    /// </summary>
    // SAFETY: the address lives on the stack for the call, and the kernel copies it.
    internal static unsafe bool Contain(GainAddress address)
    {
        int family = address.Kind == GainAddressKind.IPv4 ? AF_INET : AF_INET6;
        if (family == AF_INET && IsLoopback(address))
        {
            return true;
        }

        int fd = Libc.Socket(family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
        if (fd < 0)
        {
            return true;
        }

        int length = EndPointConversion.ToSockAddr(address, family, out sockaddr_storage name);
        bool isOwn = Libc.Connect(fd, &name, (uint)length) == 0
            && SocketOptions.TryGetLocal(fd, out GainAddress source)
            && source.HasSameHost(address);
        Libc.Close(fd);
        return isOwn;
    }

    // All of 127.0.0.0/8 is the machine's; what is sent there leaves from 127.0.0.1.
    private static bool IsLoopback(GainAddress address) =>
        (uint)(address.Bits & uint.MaxValue) >> V4HostBits == LoopbackNetwork;
}
