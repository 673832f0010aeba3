using System.Net;

namespace Gain;

/// <summary>How a protocol's outgoing connections are made.</summary>
public sealed class DialOptions
{
    private const int MostNames = 65_536;

    private static readonly TimeSpan s_maxConnectTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_maxLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_leastAttemptDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_mostAttemptDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a dial may take before it fails with <see cref="ConnectFailureReason.TimedOut"/>: 1 ms to
    /// 10 minutes. Default: 10 s. For a name, the lookup and the connects to all its addresses share this
    /// time. A host that does not answer holds a connection's place, and what was written to it, for as
    /// long. A time below 1 s gives up on hosts whose first SYN was lost, which the kernel repeats after a
    /// second.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The address of this machine that connections come from, of the targets' family. Default: null, for
    /// what routing says. The port is chosen by the connect (IP_BIND_ADDRESS_NO_PORT in ip(7)), so that one
    /// port serves connections to several targets.
    /// </summary>
    public IPAddress? LocalAddress { get; set; }

    /// <summary>
    /// The ports of this machine that connections come from, both ends included, for TCP and UDP. Default:
    /// null, for all of net.ipv4.ip_local_port_range, which a range has to lie in. Needs Linux 6.3. Each
    /// target can have as many connections as there are ports; one more fails with <see
    /// cref="ConnectFailureReason.NoPort"/>.
    /// </summary>
    public PortRange? LocalPorts { get; set; }

    /// <summary>
    /// TCP fast open (TCP_FASTOPEN_CONNECT in tcp(7)): to a host that was connected to before, what the
    /// handler writes first goes with the SYN, which saves a round trip. Default: false. <c>OnConnect</c>
    /// then comes before the host has answered, so a connect that fails ends with <c>OnClose</c>, and an
    /// address that does not answer is not replaced by the next. The first bytes may arrive twice. A handler
    /// that waits for the other end to speak first waits for ever, as nothing is sent before its first write.
    /// </summary>
    public bool FastOpen { get; set; }

    /// <summary>
    /// The options of the sockets. Default: null, for <c>GainOptions.Sockets</c>. What is for listeners alone
    /// has no effect.
    /// </summary>
    public SocketSettings? Sockets { get; set; }

    /// <summary>
    /// How long the addresses of a name are used before it is looked up again: 1 ms to 1 day, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> to look it up once. Default: 30 s. With a longer time, a host
    /// that has moved is dialled at its old address for longer. A shorter time asks the resolver more often,
    /// and the first dial after it waits for the answer. The resolver's own time to live is not known here.
    /// </summary>
    public TimeSpan NameLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a name without an address fails at once, before it is looked up again: 1 ms to 1 day.
    /// Default: 1 s. A shorter time lets a dial that is repeated at once ask the resolver each time. A
    /// longer time keeps failing for as long after the resolver has recovered.
    /// </summary>
    public TimeSpan NameFailureLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many names are kept, each with its port: 1 to 65,536. Default: 1,024. Beyond this the oldest is
    /// forgotten and looked up again, so names that clients choose cost no more memory. If all of them are
    /// being looked up, a dial of another name fails with <see cref="ConnectFailureReason.NameUnresolved"/>.
    /// </summary>
    public int MaxNames { get; set; } = 1_024;

    /// <summary>
    /// How long after the connect to one of a name's addresses the next address is tried, unless the first
    /// has failed before: 10 ms to 2 s. Default: 250 ms (RFC 8305, section 5). With a shorter time, more
    /// hosts see connections that are closed as soon as they are up. With a longer one, an address that does
    /// not answer delays the dial by as much.
    /// </summary>
    public TimeSpan AttemptDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Whether a connection that did not come up, or that has ended other than by the program or a stop, is
    /// dialled again, and when. Default: null, for never. It holds a connection's place also while it waits.
    /// </summary>
    public RedialOptions? Redial { get; set; }

    /// <summary>
    /// Whether connections are kept while nobody needs them, and how many. Default: null, for none: then
    /// <c>Connection.Return</c> and <c>connection.Rent</c> are refused.
    /// </summary>
    public PoolOptions? Pool { get; set; }

    /// <summary>
    /// How long a socket for datagrams may neither send nor receive before it ends with
    /// <see cref="DatagramEndReason.Idle"/>: 1 ms to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// Default: 60 s. It ends up to a 64th of the time later. Without a limit, sockets whose peers have gone
    /// in silence stay open, with their places, descriptors and ports, until the program closes them.
    /// </summary>
    public TimeSpan DatagramIdle { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What looks names up, in place of the system: for tests.</summary>
    internal Func<string, Task<IPAddress[]>>? Resolver { get; set; }

    /// <summary>A copy whose values are right.</summary>
    /// <exception cref="GainException">One is not; the message says which, and what it may be.</exception>
    internal DialOptions Validated()
    {
        if (ConnectTimeout < TimeSpan.FromMilliseconds(1) || ConnectTimeout > s_maxConnectTimeout)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.ConnectTimeout is {ConnectTimeout}, but must be a time from 1 ms to "
                + $"{s_maxConnectTimeout}: a connect without a limit holds its place for minutes.");
        }

        Check(nameof(AttemptDelay), AttemptDelay, s_leastAttemptDelay, s_mostAttemptDelay);
        Check(nameof(NameFailureLifetime), NameFailureLifetime, TimeSpan.FromMilliseconds(1), s_maxLifetime);
        if (NameLifetime != Timeout.InfiniteTimeSpan)
        {
            Check(nameof(NameLifetime), NameLifetime, TimeSpan.FromMilliseconds(1), s_maxLifetime);
        }

        if (DatagramIdle != Timeout.InfiniteTimeSpan)
        {
            TimeSpan most = TimeSpan.FromMilliseconds(Bounds.MaxTimerMs);
            Check(nameof(DatagramIdle), DatagramIdle, TimeSpan.FromMilliseconds(1), most);
        }

        if (MaxNames is < 1 or > MostNames)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.MaxNames is {MaxNames:N0}, but must be 1 to {MostNames:N0}.");
        }

        if (LocalPorts is { } ports && (ports.First == 0 || ports.First > ports.Last))
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.LocalPorts is {ports}, but must be two ports from 1 to 65,535, the lower one "
                + "first.");
        }

        return new DialOptions
        {
            LocalPorts = LocalPorts,
            FastOpen = FastOpen,
            NameLifetime = NameLifetime,
            NameFailureLifetime = NameFailureLifetime,
            MaxNames = MaxNames,
            AttemptDelay = AttemptDelay,
            Redial = Redial?.Validated(),
            Pool = Pool?.Validated(),
            Resolver = Resolver,
            DatagramIdle = DatagramIdle,
            ConnectTimeout = ConnectTimeout,
            LocalAddress = LocalAddress,
            Sockets = Sockets?.Validated("DialOptions.Sockets"),
        };
    }

    private static void Check(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.{name} is {value}, but must be a time from {least} to {most}.");
        }
    }
}
