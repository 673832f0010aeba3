using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>An option of a socket, as messages name it and as the kernel numbers it.</summary>
/// <param name="Level">The level, such as SOL_SOCKET.</param>
/// <param name="Name">The option at that level.</param>
/// <param name="Text">Its name in the manual pages.</param>
internal readonly record struct SocketOption(int Level, int Name, string Text)
{
    internal static readonly SocketOption NoDelay = new(IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY");
    internal static readonly SocketOption KeepAlive = new(SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE");
    internal static readonly SocketOption KeepAliveIdle = new(IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE");
    internal static readonly SocketOption KeepAliveInterval =
        new(IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL");
    internal static readonly SocketOption KeepAliveCount = new(IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT");
    internal static readonly SocketOption Linger = new(SOL_SOCKET, SO_LINGER, "SO_LINGER");
    internal static readonly SocketOption ReceiveBuffer = new(SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF");
    internal static readonly SocketOption SendBuffer = new(SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF");
    internal static readonly SocketOption QuickAck = new(IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK");
    internal static readonly SocketOption FastOpen = new(IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN");
    internal static readonly SocketOption DeferAccept =
        new(IPPROTO_TCP, TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT");
    internal static readonly SocketOption UserTimeout =
        new(IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT");
    internal static readonly SocketOption Mark = new(SOL_SOCKET, SO_MARK, "SO_MARK");
    internal static readonly SocketOption IncomingCpu = new(SOL_SOCKET, SO_INCOMING_CPU, "SO_INCOMING_CPU");

    /// <summary>Sets it.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    internal void Set(int fd, int value)
    {
        int result = SocketOptions.SetInt(fd, Level, Name, value);
        if (result < 0)
        {
            throw Refused($"set {Text} to {value}", fd, -result);
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="GainException">The kernel refused.</exception>
    internal int Get(int fd)
    {
        int result = SocketOptions.GetInt(fd, Level, Name, out int value);
        return result == 0 ? value : throw Refused($"read {Text}", fd, -result);
    }

    /// <summary>What is thrown when the kernel refuses.</summary>
    /// <param name="action">What was tried, as the end of "Cannot".</param>
    /// <param name="fd">The socket's descriptor.</param>
    /// <param name="errno">The positive error number.</param>
    internal GainException Refused(string action, int fd, int errno)
    {
        string what = $"Cannot {action} on descriptor {fd}: {Errno.Describe(errno)}";
        return errno switch
        {
            Errno.EPERM or Errno.EACCES => new(
                GainError.PermissionDenied,
                $"{what}. It needs CAP_NET_ADMIN (`setcap cap_net_admin+ep`, "
                + "AmbientCapabilities=CAP_NET_ADMIN); or leave it out.",
                errno),
            Errno.EOPNOTSUPP or Errno.ENOPROTOOPT => new(
                GainError.OptionInvalid,
                $"{what}. {Text} is not for this kind of socket, or this kernel does not have it; Unix "
                + "sockets have no TCP options.",
                errno),
            Errno.EINVAL => new(
                GainError.OptionInvalid,
                $"{what}. The kernel does not take the value; see `man 7 socket` and `man 7 tcp` for its "
                + "range.",
                errno),
            _ => GainException.ForSystemCall(what[..what.IndexOf(':', StringComparison.Ordinal)], errno),
        };
    }
}
