using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Opens one socket for a listener. The result is a descriptor or a negated errno.</summary>
internal static class ListenerSocket
{
    // Each attempt but the last needs a rival that listens at the same instant, so two are already rare.
    private const int MaxAttempts = 16;

    /// <summary>A listening socket that has its port to itself; the caller owns it.</summary>
    /// <remarks>
    /// With SO_REUSEADDR two sockets may bind a port that nobody listens on, and listen then lets one
    /// through at most. At most, because the kernel marks a socket as listening before it looks for a
    /// conflict, so that two which listen at the same instant can both be refused. Hence another attempt:
    /// if there is a winner, the next bind fails and says so for good.
    /// </remarks>
    internal static int ListenAlone(ListenEndPoint endPoint, int backlog)
    {
        for (int attempt = 1; ; attempt++)
        {
            int fd = Bind(endPoint, sharesPort: false);
            if (fd < 0)
            {
                return fd;
            }

            // Datagrams arrive from the bind on, which takes the port for good.
            int result = endPoint.Network == ListenNetwork.Udp ? 0 : Libc.Listen(fd, backlog);
            if (result == 0)
            {
                return fd;
            }
            Libc.Close(fd);
            if (result != -Errno.EADDRINUSE || attempt == MaxAttempts)
            {
                return result;
            }
        }
    }

    /// <summary>A listening socket that shares its port with the others that have SO_REUSEPORT.</summary>
    internal static int ListenAlong(ListenEndPoint endPoint, int backlog)
    {
        int fd = Bind(endPoint, sharesPort: true);
        if (fd < 0)
        {
            return fd;
        }

        int result = endPoint.Network == ListenNetwork.Udp ? 0 : Libc.Listen(fd, backlog);
        if (result < 0)
        {
            Libc.Close(fd);
            return result;
        }
        return fd;
    }

    /// <summary>A socket bound to the end point that does not listen yet; the caller owns it.</summary>
    /// <param name="endPoint">Where to bind it.</param>
    /// <param name="sharesPort">
    /// Whether it joins sockets that have SO_REUSEPORT; false fails where anything has the port.
    /// </param>
    internal static int Bind(ListenEndPoint endPoint, bool sharesPort)
    {
        int fd = endPoint.Network == ListenNetwork.Udp
            ? SocketOptions.OpenDatagram(endPoint.EndPoint)
            : SocketOptions.OpenStream(endPoint.EndPoint);
        if (fd < 0)
        {
            return fd;
        }

        int result = SetBinding(fd, endPoint, sharesPort);
        try
        {
            ListenerOptions.Apply(fd, endPoint.Sockets);
        }
        catch
        {
            Libc.Close(fd);
            throw;
        }

        if (result == 0)
        {
            result = SocketOptions.Bind(fd, endPoint.EndPoint);
        }
        if (result < 0)
        {
            Libc.Close(fd);
            return result;
        }
        return fd;
    }

    private static int SetBinding(int fd, ListenEndPoint endPoint, bool sharesPort)
    {
        // Of datagrams it would let any other program take the port over.
        bool isTcp = endPoint.Network == ListenNetwork.Tcp;
        int result = isTcp ? SocketOptions.SetReuseAddress(fd, on: true) : 0;
        if (result == 0 && sharesPort)
        {
            result = SocketOptions.SetReusePort(fd, on: true);
        }
        if (result == 0 && endPoint.EndPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Always set, because net.ipv6.bindv6only changes the default.
            result = SocketOptions.SetV6Only(fd, endPoint.V6Only);
        }
        return result;
    }
}
