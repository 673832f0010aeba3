namespace Gain;

/// <summary>
/// Options of the sockets that a server listens on, and through them of every connection that it accepts.
/// <see cref="Connection.Socket"/> sets the options of a single connection. TCP's options have no effect on
/// Unix sockets.
/// </summary>
public sealed class SocketSettings
{
    private const int MaxBufferBytes = (1 << 30) - 1;

    // The kernel's own limits (net/ipv4/tcp.c): MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT.
    private static readonly TimeSpan s_maxKeepAlive = TimeSpan.FromSeconds(32_767);
    private const int MaxKeepAliveCount = 127;

    private static readonly TimeSpan s_maxUserTimeout = TimeSpan.FromMilliseconds(int.MaxValue);
    private static readonly TimeSpan s_maxDeferAccept = TimeSpan.FromHours(1);

    /// <summary>
    /// TCP_NODELAY: small writes leave at once. Default: true. Without it, Nagle's algorithm holds a small
    /// write back until the one before it is acknowledged, which can take 40 ms.
    /// </summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>
    /// How long a connection is silent before the kernel sends the first keep-alive probe (SO_KEEPALIVE and
    /// TCP_KEEPIDLE): 1 to 32,767 s, in whole seconds. Default: null, for never. Without it, or <see
    /// cref="TimeoutOptions.Idle"/>, a peer that vanished is noticed only when something is sent to it.
    /// </summary>
    public TimeSpan? KeepAliveIdle { get; set; }

    /// <summary>
    /// The time between keep-alive probes (TCP_KEEPINTVL): 1 to 32,767 s, in whole seconds. Default: null,
    /// for net.ipv4.tcp_keepalive_intvl, mostly 75 s. It needs <see cref="KeepAliveIdle"/>.
    /// </summary>
    public TimeSpan? KeepAliveInterval { get; set; }

    /// <summary>
    /// Unanswered keep-alive probes before the connection is reset (TCP_KEEPCNT): 1 to 127. Default: null,
    /// for net.ipv4.tcp_keepalive_probes, mostly 9. It needs <see cref="KeepAliveIdle"/>.
    /// </summary>
    public int? KeepAliveCount { get; set; }

    /// <summary>
    /// SO_LINGER with no time: closing a connection resets it, so that it leaves no TIME_WAIT, and what the
    /// kernel has not sent by then is lost. Default: false. How long Gain itself waits for the peer's FIN is
    /// <see cref="TimeoutOptions.Linger"/>; a time in SO_LINGER would make close(2) stop the worker.
    /// </summary>
    public bool ResetOnClose { get; set; }

    /// <summary>
    /// The socket's receive buffer (SO_RCVBUF) in bytes: 1 to 1,073,741,823. Default: null, which lets the
    /// kernel size it as the connection needs. It limits what a peer can have in flight. The kernel doubles
    /// it, for its own bookkeeping, and keeps it between 2,304 bytes and net.core.rmem_max; a warning says
    /// when the kernel gave another size.
    /// </summary>
    public int? ReceiveBufferBytes { get; set; }

    /// <summary>
    /// The same for the send buffer (SO_SNDBUF), from 4,608 bytes to net.core.wmem_max. Default: null.
    /// </summary>
    public int? SendBufferBytes { get; set; }

    /// <summary>
    /// TCP_QUICKACK: the first segments of a connection are acknowledged at once; later the kernel decides
    /// again. Default: false. Costs a system call for each accepted connection.
    /// </summary>
    public bool QuickAck { get; set; }

    /// <summary>
    /// TCP_FASTOPEN: how many clients at once can send data with their SYN, before the handshake has ended: 1
    /// to 65,535. Default: null, for none. Such data is delivered twice when the network doubles a SYN, so it
    /// suits only requests that are safe to repeat. The second bit of net.ipv4.tcp_fastopen has to be set; a
    /// warning says when it is not.
    /// </summary>
    public int? FastOpenQueue { get; set; }

    /// <summary>
    /// TCP_DEFER_ACCEPT: how long the accept of a connected client waits for its first byte: 1 s to 1 hour.
    /// The kernel rounds it to a number of retransmissions. Default: null, for no wait. It harms protocols in
    /// which the server speaks first.
    /// </summary>
    public TimeSpan? DeferAccept { get; set; }

    /// <summary>
    /// TCP_USER_TIMEOUT: how long sent bytes stay unacknowledged before the kernel resets the connection: 1
    /// ms to 24 days. Default: null, for as long as net.ipv4.tcp_retries2 gives, about 15 minutes.
    /// </summary>
    public TimeSpan? UserTimeout { get; set; }

    /// <summary>
    /// SO_MARK: the mark by which routing rules and packet filters know the connections' packets. Default:
    /// null, for no mark. It needs CAP_NET_ADMIN or CAP_NET_RAW.
    /// </summary>
    public uint? Mark { get; set; }

    /// <summary>
    /// IPV6_V6ONLY: whether <c>tcp://[::]:port</c> and <c>tcp://*:port</c> take only IPv6 clients. Default:
    /// false, for dual-stack. <c>tcp6://</c> takes only IPv6 clients in any case.
    /// </summary>
    public bool IPv6Only { get; set; }

    /// <summary>A copy whose values are right.</summary>
    /// <param name="owner">Whose they are, for the message: they stand in several options.</param>
    internal SocketSettings Validated(string owner)
    {
        var copy = (SocketSettings)MemberwiseClone();
        copy.Validate(owner);
        return copy;
    }

    private void Validate(string owner)
    {
        CheckSeconds(owner, nameof(KeepAliveIdle), KeepAliveIdle, s_maxKeepAlive);
        CheckSeconds(owner, nameof(KeepAliveInterval), KeepAliveInterval, s_maxKeepAlive);
        Check(owner, nameof(KeepAliveCount), KeepAliveCount, MaxKeepAliveCount);
        if (KeepAliveIdle is null && (KeepAliveInterval is not null || KeepAliveCount is not null))
        {
            throw Invalid(
                owner,
                nameof(KeepAliveIdle),
                "null",
                $"1 to 32,767 s when {nameof(KeepAliveInterval)} or {nameof(KeepAliveCount)} is set: without "
                + "it nobody is asked");
        }

        Check(owner, nameof(ReceiveBufferBytes), ReceiveBufferBytes, MaxBufferBytes);
        Check(owner, nameof(SendBufferBytes), SendBufferBytes, MaxBufferBytes);
        Check(owner, nameof(FastOpenQueue), FastOpenQueue, ushort.MaxValue);
        CheckSeconds(owner, nameof(DeferAccept), DeferAccept, s_maxDeferAccept);
        if (UserTimeout < TimeSpan.FromMilliseconds(1) || UserTimeout > s_maxUserTimeout)
        {
            throw Invalid(
                owner,
                nameof(UserTimeout),
                $"{UserTimeout}",
                $"a time from 1 ms to {s_maxUserTimeout}, or null");
        }

        if (Mark == 0)
        {
            throw Invalid(owner, nameof(Mark), "0", "1 to 4,294,967,295, or null for no mark");
        }
    }

    private static void CheckSeconds(string owner, string name, TimeSpan? value, TimeSpan max)
    {
        if (value is { } time
            && (time < TimeSpan.FromSeconds(1) || time > max || time.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            throw Invalid(owner, name, $"{value}", $"whole seconds, from 00:00:01 to {max}, or null");
        }
    }

    private static void Check(string owner, string name, int? value, int max)
    {
        if (value < 1 || value > max)
        {
            throw Invalid(owner, name, $"{value:N0}", $"1 to {max:N0}, or null");
        }
    }

    private static GainException Invalid(string owner, string name, string value, string range) => new(
        GainError.OptionInvalid,
        $"{owner}.{name} is {value}, but must be {range}.");
}
