using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>
/// Opens, binds and adjusts sockets by descriptor; results are 0 (or a value) or a negated errno.
/// </summary>
/// <remarks>
/// A peer may reset its connection at any moment, so a failure here is a value for the caller to judge,
/// not an exception.
/// </remarks>
internal static class SocketOptions
{
    /// <summary>A blocking, close-on-exec TCP socket of the end point's family.</summary>
    /// <remarks>
    /// Blocking, because io_uring waits by itself and fails at once with EAGAIN on the others.
    /// </remarks>
    internal static int OpenStream(IPEndPoint endPoint)
    {
        bool isV6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        return Libc.Socket(isV6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    }

    /// <summary>A blocking, close-on-exec UDP socket; see <see cref="OpenStream"/>.</summary>
    internal static int OpenDatagram(IPEndPoint endPoint)
    {
        bool isV6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        return Libc.Socket(isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
    }

    /// <summary>A blocking, close-on-exec Unix socket; see <see cref="OpenStream"/>.</summary>
    internal static int OpenUnix(bool isDatagram) =>
        Libc.Socket(AF_UNIX, (isDatagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);

    // SAFETY: the address lives on the stack for the call, and the kernel copies it.
    internal static unsafe int BindUnix(int fd, UnixAddress address)
    {
        uint length = address.ToSockAddr(out sockaddr_storage storage);
        return Libc.Bind(fd, &storage, length);
    }

    /// <summary>
    /// Asks whether a socket is bound to the address: -ECONNREFUSED when its file is there, and none is;
    /// -EPROTOTYPE when it is a stream socket; 0, or another error, when it is one for datagrams.
    /// </summary>
    // SAFETY: as for BindUnix.
    internal static unsafe int ProbeUnix(UnixAddress address)
    {
        int fd = OpenUnix(isDatagram: true);
        if (fd < 0)
        {
            return fd;
        }

        uint length = address.ToSockAddr(out sockaddr_storage storage);
        int result = Libc.Connect(fd, &storage, length);
        Libc.Close(fd);
        return result;
    }

    // SAFETY: the address lives on the stack for the call, and the kernel copies it.
    internal static unsafe int Bind(int fd, IPEndPoint endPoint)
    {
        uint length = EndPointConversion.ToSockAddr(endPoint, out sockaddr_storage storage);
        return Libc.Bind(fd, &storage, length);
    }

    /// <summary>
    /// TCP_NODELAY: small writes leave at once. Accepted sockets inherit it from their listener.
    /// </summary>
    internal static int SetNoDelay(int fd, bool on) => SetFlag(fd, IPPROTO_TCP, TCP_NODELAY, on);

    /// <summary>
    /// SO_REUSEADDR: a restart need not wait for the TIME_WAIT of the connections before it.
    /// </summary>
    internal static int SetReuseAddress(int fd, bool on) => SetFlag(fd, SOL_SOCKET, SO_REUSEADDR, on);

    /// <summary>
    /// SO_REUSEPORT: listeners of one user share the port, and the kernel spreads connections.
    /// </summary>
    internal static int SetReusePort(int fd, bool on) => SetFlag(fd, SOL_SOCKET, SO_REUSEPORT, on);

    /// <summary>SO_LINGER with no time: closing the socket resets the connection.</summary>
    internal static int SetResetOnClose(int fd) => SetLinger(fd, on: true);

    /// <summary>SO_LINGER with no time, or off.</summary>
    // SAFETY: the option lives on the stack for the call.
    internal static unsafe int SetLinger(int fd, bool on)
    {
        linger now = new() { l_onoff = on ? 1 : 0, l_linger = 0 };
        return Libc.SetSockOpt(fd, SOL_SOCKET, SO_LINGER, &now, (uint)sizeof(linger));
    }

    /// <summary>SO_LINGER as it is; off when the call fails.</summary>
    // SAFETY: the option and its length live on the stack for the call.
    internal static unsafe int GetLinger(int fd, out bool isOn, out int seconds)
    {
        linger now = default;
        uint length = (uint)sizeof(linger);
        int result = Libc.GetSockOpt(fd, SOL_SOCKET, SO_LINGER, &now, &length);
        isOn = now.l_onoff != 0;
        seconds = now.l_linger;
        return result;
    }

    /// <summary>
    /// Closes a descriptor. Linux has freed it whatever close(2) says, so there is no result.
    /// </summary>
    internal static void Close(int fd) => Libc.Close(fd);

    /// <summary>IPV6_V6ONLY: whether an IPv6 socket leaves out IPv4 peers. Set it before binding.</summary>
    internal static int SetV6Only(int fd, bool on) => SetFlag(fd, IPPROTO_IPV6, IPV6_V6ONLY, on);

    /// <summary>IP_FREEBIND: the socket may bind an address that the machine does not have.</summary>
    internal static int SetFreeBind(int fd, AddressFamily family) => family == AddressFamily.InterNetworkV6
        ? SetFlag(fd, IPPROTO_IPV6, IPV6_FREEBIND, on: true)
        : SetFlag(fd, IPPROTO_IP, IP_FREEBIND, on: true);

    internal static int SetFlag(int fd, int level, int name, bool on) => SetInt(fd, level, name, on ? 1 : 0);

    /// <summary>Sets an option that is an int.</summary>
    // SAFETY: the value lives on the stack for the call, and the kernel copies it.
    internal static unsafe int SetInt(int fd, int level, int name, int value) =>
        Libc.SetSockOpt(fd, level, name, &value, sizeof(int));

    /// <summary>Sets an option of any form.</summary>
    // SAFETY: the span is pinned for the call, and the kernel copies it.
    internal static unsafe int SetBytes(int fd, int level, int name, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            return Libc.SetSockOpt(fd, level, name, bytes, (uint)value.Length);
        }
    }

    /// <summary>Reads an option of any form; <paramref name="written"/> is 0 when the call fails.</summary>
    // SAFETY: the span is pinned for the call, and the kernel writes no more than its length.
    internal static unsafe int GetBytes(int fd, int level, int name, Span<byte> value, out int written)
    {
        uint length = (uint)value.Length;
        fixed (byte* bytes = value)
        {
            int result = Libc.GetSockOpt(fd, level, name, bytes, &length);
            written = result == 0 ? (int)length : 0;
            return result;
        }
    }

    /// <summary>An option that is an int; <paramref name="value"/> is 0 when the call fails.</summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe int GetInt(int fd, int level, int name, out int value)
    {
        int read = 0;
        uint length = sizeof(int);
        int result = Libc.GetSockOpt(fd, level, name, &read, &length);
        value = result == 0 ? read : 0;
        return result;
    }

    /// <summary>The address that the socket is bound to; null if it is not an IP socket.</summary>
    /// <exception cref="GainException">The descriptor is not a socket's.</exception>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe IPEndPoint? GetLocalEndPoint(int fd)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        int result = Libc.GetSockName(fd, &storage, &length);
        if (result < 0)
        {
            throw GainException.ForSystemCall($"Cannot read the local address of descriptor {fd}", -result);
        }
        return EndPointConversion.FromSockAddr(ref storage, length);
    }

    /// <summary>The name that a Unix socket is bound to, an abstract one as @name; null without.</summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe string? GetUnixName(int fd)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        return Libc.GetSockName(fd, &storage, &length) == 0
            ? UnixAddress.ReadName(ref storage, length)
            : null;
    }

    /// <summary>Whether a stream socket has a peer, or had one.</summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe bool IsConnected(int fd)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        return Libc.GetPeerName(fd, &storage, &length) == 0;
    }

    /// <summary>Who the process was at the other end of a Unix socket; false for other sockets.</summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe bool TryGetPeerCredentials(int fd, out ucred peer)
    {
        ucred read = default;
        uint length = (uint)sizeof(ucred);
        int result = Libc.GetSockOpt(fd, SOL_SOCKET, SO_PEERCRED, &read, &length);
        peer = read;

        // Of a socket that has no such peer the kernel says pid 0 and -1 for the others, which nobody has.
        return result == 0 && (read.uid != uint.MaxValue || read.gid != uint.MaxValue);
    }

    /// <summary>
    /// The peer's address as numbers, or <see cref="GainAddress.Unix"/>; false if there is none, or it is
    /// gone.
    /// </summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe bool TryGetPeer(int fd, out GainAddress peer)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        peer = default;
        return Libc.GetPeerName(fd, &storage, &length) == 0
            && EndPointConversion.TryReadAddress(ref storage, length, out peer);
    }

    /// <summary>The socket's own address as numbers; false if it has none.</summary>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe bool TryGetLocal(int fd, out GainAddress local)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        local = default;
        return Libc.GetSockName(fd, &storage, &length) == 0
            && EndPointConversion.TryReadAddress(ref storage, length, out local);
    }

    /// <summary>The socket's own address as the kernel has it; false if it has none.</summary>
    // SAFETY: both variables are the caller's for the call.
    internal static unsafe bool TryGetLocalName(int fd, out sockaddr_storage name, out uint length)
    {
        fixed (sockaddr_storage* nameAt = &name)
        {
            uint read = (uint)sizeof(sockaddr_storage);
            int result = Libc.GetSockName(fd, nameAt, &read);
            length = result == 0 ? read : 0;
            return result == 0;
        }
    }

    /// <summary>
    /// The peer's address; null if there is none, or it is gone: a reset connection forgets it.
    /// </summary>
    /// <exception cref="GainException">The descriptor is not a socket's.</exception>
    // SAFETY: both variables live on the stack for the call.
    internal static unsafe IPEndPoint? GetPeerEndPoint(int fd)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        int result = Libc.GetPeerName(fd, &storage, &length);
        if (result == -Errno.ENOTCONN)
        {
            return null;
        }
        if (result < 0)
        {
            throw GainException.ForSystemCall($"Cannot read the peer's address of descriptor {fd}", -result);
        }
        return EndPointConversion.FromSockAddr(ref storage, length);
    }
}
