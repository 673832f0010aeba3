using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>The options of sockets that connections are accepted from.</summary>
/// <remarks>
/// What is set on a TCP listener before it listens, the sockets that are accepted from it have as well, but
/// for TCP_QUICKACK, which is a state more than an option. A Unix socket's buffers are those of the socket
/// itself: see <see cref="AcceptedSocketOptions"/> for both.
/// </remarks>
internal static class ListenerOptions
{
    private static readonly SocketSettings s_defaults = new();

    /// <summary>
    /// Sets the options of a listener: before it listens, as windows are scaled by its buffers.
    /// </summary>
    /// <param name="fd">The socket.</param>
    /// <param name="settings">The options; null for the defaults.</param>
    /// <exception cref="GainException">The kernel refused one; the message names it.</exception>
    internal static void Apply(int fd, SocketSettings? settings)
    {
        settings ??= s_defaults;
        if (settings.Mark is uint mark)
        {
            SocketOption.Mark.Set(fd, (int)mark);
        }
        if (settings.ReceiveBufferBytes is int receiveBytes)
        {
            SocketOption.ReceiveBuffer.Set(fd, receiveBytes);
        }
        if (settings.SendBufferBytes is int sendBytes)
        {
            SocketOption.SendBuffer.Set(fd, sendBytes);
        }

        bool isTcp = SocketOptions.GetInt(fd, SOL_SOCKET, SO_PROTOCOL, out int protocol) == 0
            && protocol == IPPROTO_TCP;
        if (isTcp)
        {
            ApplyTcp(fd, settings);
        }
    }

    /// <summary>
    /// What the kernel would grant of the settings less than was asked for, or not at all; found out with a
    /// socket of its own.
    /// </summary>
    internal static IReadOnlyList<GrantedOption> FindShortfalls(SocketSettings settings)
    {
        var shortfalls = new List<GrantedOption>();
        int fd = Libc.Socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            throw GainException.ForSystemCall("Cannot open a socket", -fd);
        }

        try
        {
            CheckBuffer(SocketOption.ReceiveBuffer, settings.ReceiveBufferBytes, "net.core.rmem_max");
            CheckBuffer(SocketOption.SendBuffer, settings.SendBufferBytes, "net.core.wmem_max");
        }
        finally
        {
            Libc.Close(fd);
        }

        return shortfalls;

        void CheckBuffer(SocketOption option, int? bytes, string limit)
        {
            if (bytes is not int asked)
            {
                return;
            }

            // The kernel doubles what it is given, and says so when it is asked.
            option.Set(fd, asked);
            int granted = option.Get(fd) / 2;
            if (granted < asked)
            {
                shortfalls.Add(new GrantedOption(option.Text, asked, granted, limit));
            }
        }
    }

    /// <summary>Whether servers may use TCP_FASTOPEN; also true when the machine does not say.</summary>
    /// <param name="setting">net.ipv4.tcp_fastopen.</param>
    internal static bool MayFastOpen(out int setting)
    {
        const int ForServers = 2;
        const string Path = "/proc/sys/net/ipv4/tcp_fastopen";
        setting = ForServers;
        return !File.Exists(Path)
            || !int.TryParse(File.ReadAllText(Path), out setting)
            || (setting & ForServers) != 0;
    }

    private static void ApplyTcp(int fd, SocketSettings settings)
    {
        SocketOption.NoDelay.Set(fd, settings.NoDelay ? 1 : 0);
        if (settings.KeepAliveIdle is { } idle)
        {
            SocketOption.KeepAlive.Set(fd, 1);
            SocketOption.KeepAliveIdle.Set(fd, Seconds(idle));
        }
        if (settings.KeepAliveInterval is { } interval)
        {
            SocketOption.KeepAliveInterval.Set(fd, Seconds(interval));
        }
        if (settings.KeepAliveCount is int probes)
        {
            SocketOption.KeepAliveCount.Set(fd, probes);
        }
        if (settings.UserTimeout is { } unacknowledged)
        {
            SocketOption.UserTimeout.Set(fd, (int)Math.Ceiling(unacknowledged.TotalMilliseconds));
        }
        if (settings.DeferAccept is { } silence)
        {
            SocketOption.DeferAccept.Set(fd, Seconds(silence));
        }
        if (settings.FastOpenQueue is int clients)
        {
            SocketOption.FastOpen.Set(fd, clients);
        }
        if (settings.ResetOnClose)
        {
            int result = SocketOptions.SetResetOnClose(fd);
            if (result < 0)
            {
                throw SocketOption.Linger.Refused("set SO_LINGER", fd, -result);
            }
        }
    }

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}
