using System.Net;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>
/// Opens the sockets of outgoing connections, or those for datagrams, with their options. Nothing of it
/// allocates.
/// </summary>
internal sealed class OutgoingSockets
{
    private readonly SocketSettings _settings;

    // As IP_LOCAL_PORT_RANGE takes it; 0 for the system's.
    private readonly int _localPorts;
    private readonly bool _isFastOpen;
    private readonly int _localFamily = AF_UNSPEC;
    private readonly sockaddr_storage _local;
    private readonly uint _localBytes;
    private readonly bool _isDatagram;
    private readonly bool _coalesces;

    /// <summary>Those for datagrams.</summary>
    /// <param name="settings">As for the other.</param>
    /// <param name="options">As for the other.</param>
    /// <param name="coalesces">Whether the kernel may hand over several datagrams at once (UDP_GRO).</param>
    /// <exception cref="GainException">As for the other.</exception>
    internal OutgoingSockets(SocketSettings settings, DialOptions options, bool coalesces)
        : this(settings, options)
    {
        _isDatagram = true;
        _coalesces = coalesces;
    }

    /// <param name="settings">The options of the sockets.</param>
    /// <param name="options">How they are dialled; valid.</param>
    /// <exception cref="GainException">The machine has no such range of ports, or no way to set
    /// it.</exception>
    internal OutgoingSockets(SocketSettings settings, DialOptions options)
    {
        _settings = settings;
        _isFastOpen = options.FastOpen;
        if (options.LocalPorts is { } ports)
        {
            _localPorts = LocalPorts.Check(ports);
        }

        if (options.LocalAddress is { } localAddress)
        {
            IPAddress address = EndPointConversion.Unmap(localAddress);
            _localBytes = EndPointConversion.ToSockAddr(new IPEndPoint(address, 0), out _local);
            _localFamily = _local.ss_family;
        }
    }

    /// <summary>Opens a socket that is ready to connect.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="flags">SOCK_NONBLOCK, or nothing.</param>
    /// <returns>The descriptor, or a negative errno: then nothing is left open.</returns>
    internal int Open(int family, int flags)
    {
        int protocol = family == AF_UNIX ? 0 : _isDatagram ? IPPROTO_UDP : IPPROTO_TCP;
        int type = _isDatagram ? SOCK_DGRAM : SOCK_STREAM;
        int fd = Libc.Socket(family, type | SOCK_CLOEXEC | flags, protocol);
        if (fd < 0)
        {
            return fd;
        }

        int result = Apply(fd, family);
        if (result < 0)
        {
            Libc.Close(fd);
            return result;
        }

        return fd;
    }

    private int Apply(int fd, int family)
    {
        int result = SetUnless(0, fd, SOL_SOCKET, SO_MARK, (int)(_settings.Mark ?? 0));
        result = SetUnless(result, fd, SOL_SOCKET, SO_RCVBUF, _settings.ReceiveBufferBytes ?? 0);
        result = SetUnless(result, fd, SOL_SOCKET, SO_SNDBUF, _settings.SendBufferBytes ?? 0);
        if (result == 0 && family != AF_UNIX)
        {
            result = _isDatagram ? ApplyUdp(fd) : ApplyTcp(fd);
        }

        return result == 0 && family != AF_UNIX && _localFamily != AF_UNSPEC
            ? BindLocal(fd, family)
            : result;
    }

    private int ApplyTcp(int fd)
    {
        int result = SetUnless(0, fd, IPPROTO_TCP, TCP_NODELAY, _settings.NoDelay ? 1 : 0);
        if (_settings.KeepAliveIdle is { } idle)
        {
            result = SetUnless(result, fd, SOL_SOCKET, SO_KEEPALIVE, 1);
            result = SetUnless(
                result, fd, IPPROTO_TCP, TCP_KEEPIDLE, (int)idle.TotalSeconds);
            int interval = (int)(_settings.KeepAliveInterval?.TotalSeconds ?? 0);
            result = SetUnless(result, fd, IPPROTO_TCP, TCP_KEEPINTVL, interval);
            result = SetUnless(result, fd, IPPROTO_TCP, TCP_KEEPCNT, _settings.KeepAliveCount ?? 0);
        }

        result = SetUnless(
            result,
            fd,
            IPPROTO_TCP,
            TCP_USER_TIMEOUT,
            (int)Math.Ceiling(_settings.UserTimeout?.TotalMilliseconds ?? 0));
        result = SetUnless(result, fd, IPPROTO_TCP, TCP_QUICKACK, _settings.QuickAck ? 1 : 0);
        result = SetUnless(result, fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, _isFastOpen ? 1 : 0);
        result = SetUnless(result, fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, _localPorts);
        return result == 0 && _settings.ResetOnClose ? SocketOptions.SetResetOnClose(fd) : result;
    }

    private int ApplyUdp(int fd)
    {
        // Kernels before 5.0 do not know it, and hand over one at a time.
        int result = SetUnless(0, fd, IPPROTO_UDP, UDP_GRO, _coalesces ? 1 : 0);
        result = result == -Errno.ENOPROTOOPT ? 0 : result;
        return SetUnless(result, fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, _localPorts);
    }

    // A bind alone would take a port of the whole range for this socket, whatever it connects to. With this
    // option (ip(7)) the port is chosen by the connect, and one port serves a connection to each target.
    private unsafe int BindLocal(int fd, int family)
    {
        if (family != _localFamily)
        {
            return -Errno.EAFNOSUPPORT;
        }

        int result = SocketOptions.SetInt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        if (result < 0)
        {
            return result;
        }

        // SAFETY: the address lives on the stack for the call, and the kernel copies it.
        sockaddr_storage local = _local;
        return Libc.Bind(fd, &local, _localBytes);
    }

    // What is 0 is the kernel's default already.
    private static int SetUnless(int failure, int fd, int level, int name, int value) =>
        failure != 0 || value == 0 ? failure : SocketOptions.SetInt(fd, level, name, value);
}
