using System.Net;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// Keeps others with SO_REUSEPORT off a port that listeners of ours share by the same means.
/// </summary>
/// <remarks>
/// <para>
/// Once our listeners have SO_REUSEPORT, the kernel lets in any socket of the same user that has it as
/// well. So one more socket is bound to the address. It never listens, and it gives SO_REUSEPORT and
/// SO_REUSEADDR up after its bind, so that every later bind meets it as a conflict.
/// </para>
/// <para>
/// Every later bind that is checked, that is: a bind bucket remembers the last SO_REUSEPORT socket that was
/// let in, and lets the next one of that user and address in unchecked (sk_reuseport_match in
/// net/ipv4/inet_connection_sock.c). It forgets when a socket without SO_REUSEPORT gets the port, which
/// our own addresses no longer allow; an address that overlaps none of them does. One that is reserved for
/// documentation or discarding is bound for an instant, with IP_FREEBIND as no machine has it.
/// </para>
/// <para>
/// Nothing is disjoint from a dual-stack [::], nor from 0.0.0.0 and [::] together, so those stay open to
/// other programs of the same user that set SO_REUSEPORT. Programs that do not, Gain included, are kept
/// out there too: that is the work of the first socket, see <see cref="ListenerGroup"/>.
/// </para>
/// </remarks>
internal static class PortGuard
{
    // TEST-NET-1 (RFC 5737) and the discard-only prefix (RFC 6666).
    private static readonly IPAddress s_outsiderV4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_outsiderV6 = IPAddress.Parse("100::1");

    /// <summary>
    /// Opens the guard of one end point, whose listeners listen already; a descriptor or -errno.
    /// </summary>
    internal static int Open(ListenEndPoint endPoint)
    {
        int fd = ListenerSocket.Bind(endPoint, sharesPort: true);
        if (fd < 0)
        {
            return fd;
        }

        int result = SocketOptions.SetReusePort(fd, on: false);
        if (result == 0)
        {
            result = SocketOptions.SetReuseAddress(fd, on: false);
        }
        if (result < 0)
        {
            Libc.Close(fd);
            return result;
        }
        return fd;
    }

    /// <summary>
    /// Makes the kernel check every later bind to the port; call it when all guards are open.
    /// Returns whether it could: false leaves out the programs that the remarks name.
    /// </summary>
    internal static bool Seal(int port) =>
        BindForAnInstant(new IPEndPoint(s_outsiderV4, port))
        || BindForAnInstant(new IPEndPoint(s_outsiderV6, port));

    private static bool BindForAnInstant(IPEndPoint outsider)
    {
        int fd = SocketOptions.OpenStream(outsider);
        if (fd < 0)
        {
            return false;
        }

        // IPV6_V6ONLY stays as it is: an IPv6 address that is not the wildcard never overlaps with IPv4.
        bool bound = SocketOptions.SetFreeBind(fd, outsider.AddressFamily) == 0
            && SocketOptions.Bind(fd, outsider) == 0;
        Libc.Close(fd);
        return bound;
    }
}
