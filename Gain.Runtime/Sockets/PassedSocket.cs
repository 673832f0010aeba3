using System.Net;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>A socket that systemd has passed, looked at: a listening one, or one for datagrams.</summary>
/// <param name="Fd">The descriptor, which stays the process's.</param>
/// <param name="IsDatagram">Whether datagrams arrive on it, and not connections.</param>
/// <param name="Address">Where it is bound, as a client can be given it.</param>
/// <param name="EndPoint">The same; null for a Unix socket.</param>
internal sealed record PassedSocket(int Fd, bool IsDatagram, string Address, IPEndPoint? EndPoint)
{
    /// <summary>Finds out what was passed, whatever it is.</summary>
    /// <exception cref="GainException">It is nothing to listen on; the message names it.</exception>
    internal static PassedSocket Examine(SystemdAddress address, int fd, string name)
    {
        string what = $"descriptor {fd} \"{name}\"";
        int result = SocketOptions.GetInt(fd, SOL_SOCKET, SO_TYPE, out int type);
        if (result < 0)
        {
            throw result switch
            {
                -Errno.EBADF => New(address, $"{what} is not open, though LISTEN_FDS counts it"),
                -Errno.ENOTSOCK => New(
                    address, $"{what} is no socket; of a .socket unit, Gain serves ListenStream= and "
                    + "ListenDatagram="),
                _ => GainException.ForSystemCall($"Cannot listen on {address}: {what} has no type", -result),
            };
        }

        Check(address, what, SocketOptions.GetInt(fd, SOL_SOCKET, SO_DOMAIN, out int domain));
        Check(address, what, SocketOptions.GetInt(fd, SOL_SOCKET, SO_PROTOCOL, out int protocol));
        bool isDatagram = type == SOCK_DGRAM;
        RefuseKind(address, what, domain, type, protocol);
        if (!isDatagram)
        {
            RefuseDeaf(address, what, fd);
        }

        IPEndPoint? endPoint = SocketOptions.GetLocalEndPoint(fd);
        string scheme = domain == AF_UNIX
            ? UnixAddress.Scheme(isDatagram)
            : isDatagram ? "udp" : "tcp";
        string place = endPoint?.ToString() ?? SocketOptions.GetUnixName(fd) ?? "";
        return new PassedSocket(fd, isDatagram, $"{scheme}://{place}", endPoint);
    }

    private static void RefuseKind(SystemdAddress address, string what, int domain, int type, int protocol)
    {
        if (domain is not (AF_UNIX or AF_INET or AF_INET6))
        {
            throw New(address, $"{what} is a socket of family {domain}, and Gain serves IPv4, IPv6 and Unix");
        }
        if (type is not (SOCK_STREAM or SOCK_DGRAM))
        {
            string kind = type == SOCK_SEQPACKET ? "for sequential packets" : $"of type {type}";
            throw New(
                address, $"{what} is a socket {kind}; Gain serves ListenStream= and ListenDatagram=");
        }

        int expected = type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_TCP;
        if (domain != AF_UNIX && protocol != expected)
        {
            throw New(
                address, $"{what} is a socket of IP protocol {protocol}, and Gain serves TCP and UDP: leave "
                + "SocketProtocol= out of the .socket unit");
        }
    }

    private static void RefuseDeaf(SystemdAddress address, string what, int fd)
    {
        Check(address, what, SocketOptions.GetInt(fd, SOL_SOCKET, SO_ACCEPTCONN, out int listens));
        if (listens != 0)
        {
            return;
        }

        throw SocketOptions.IsConnected(fd)
            ? New(
                address, $"{what} is a connection, and not a socket that listens: set Accept=no in the "
                + ".socket unit, or leave --accept out of systemd-socket-activate")
            : New(
                address, $"{what} is a socket that does not listen: the program that opens it "
                + "has to call listen(2), as systemd does");
    }

    private static void Check(SystemdAddress address, string what, int result)
    {
        if (result < 0)
        {
            throw GainException.ForSystemCall($"Cannot listen on {address}: {what} cannot be read", -result);
        }
    }

    private static GainException New(SystemdAddress address, string reason) =>
        new(GainError.AddressUnsupported, $"Cannot listen on {address}: {reason}.");
}
