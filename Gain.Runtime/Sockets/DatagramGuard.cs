using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>
/// Keeps others with SO_REUSEPORT off a port for datagrams that sockets of ours share by the same means.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="PortGuard"/>'s socket would be sent a share of the datagrams. These guards are bound to the
/// port and to a network interface that does not exist. That counts as a conflict for every later bind that
/// names no interface, and no datagram ever arrives there. A socket on another interface is in another
/// reuseport group, so the guards have no place in the workers' one.
/// </para>
/// <para>
/// The kernel compares a bind with the sockets of the port one after the other, and the first that overlaps
/// decides (udp_lib_lport_inuse in net/ipv4/udp.c). It has two chains of them, and in one of those IPv6
/// sockets that share are put at the end. So one guard comes before the workers' sockets and one behind them:
/// each is the first of one of the chains.
/// </para>
/// <para>
/// A program that binds to a network interface too (SO_BINDTODEVICE) does not meet the guards, and gets in.
/// </para>
/// </remarks>
internal static class DatagramGuard
{
    // The kernel takes every number that is not negative; interfaces get theirs from 1 on, one by one.
    private const int NoInterface = int.MaxValue;

    /// <summary>
    /// Takes the port of an end point as the only socket there; a descriptor, or -errno, which is
    /// -ENOPROTOOPT where the kernel knows no SO_BINDTOIFINDEX (before 5.0).
    /// </summary>
    internal static int OpenFirst(ListenEndPoint endPoint) =>
        Deafen(ListenerSocket.Bind(endPoint, sharesPort: false));

    /// <summary>Joins the workers' sockets, when all are there; a descriptor or -errno.</summary>
    internal static int OpenLast(ListenEndPoint endPoint) =>
        Deafen(ListenerSocket.Bind(endPoint, sharesPort: true));

    /// <summary>Whether another program that sets SO_REUSEPORT is refused the end point: it is
    /// tried.</summary>
    internal static bool Holds(ListenEndPoint endPoint)
    {
        IPAddress address = endPoint.EndPoint.Address;
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        IPAddress any = isV6 ? IPAddress.IPv6Any : IPAddress.Any;
        IPAddress loopback = isV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        return IsRefused(endPoint) && IsRefused(At(endPoint, address.Equals(any) ? loopback : any));
    }

    private static ListenEndPoint At(ListenEndPoint endPoint, IPAddress address) =>
        endPoint with { EndPoint = new IPEndPoint(address, endPoint.EndPoint.Port) };

    private static bool IsRefused(ListenEndPoint endPoint)
    {
        int fd = ListenerSocket.Bind(endPoint, sharesPort: true);
        if (fd >= 0)
        {
            Libc.Close(fd);
        }

        return fd < 0;
    }

    // Bound first: to IPv6 addresses the kernel binds on interfaces that exist alone. The change of interface
    // takes the socket out of the group that it was bound into (udp_lib_rehash).
    private static int Deafen(int fd)
    {
        if (fd < 0)
        {
            return fd;
        }

        int result = SocketOptions.SetInt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, NoInterface);
        if (result < 0)
        {
            Libc.Close(fd);
            return result;
        }

        return fd;
    }
}
