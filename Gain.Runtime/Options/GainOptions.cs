using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>What a server is started with. Every value has a default; all are checked at start.</summary>
public sealed partial class GainOptions
{
    /// <summary>
    /// Workers: threads, each with its own ring, connections and listening socket. 1 to 1,024. Default: the
    /// CPUs that the process may use. More than CPUs only adds switching.
    /// </summary>
    public int Workers { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Pins worker <i>i</i> to the <i>i</i>-th CPU that the process may use. Default: false. Pays on a
    /// machine of its own; harms where other busy threads share the CPUs.
    /// </summary>
    public bool CpuAffinity { get; set; }

    /// <summary>
    /// How the kernel is told to give a connection to the worker on the CPU that its packets arrive on, so
    /// that they stay in that CPU's caches. Default: <see cref="Gain.CpuSteering.None"/>. Needs
    /// <see cref="CpuAffinity"/> and no more workers than CPUs. Pays only where the network card spreads its
    /// packets over those CPUs (see docs/deployment.md); where it does not, one worker gets all connections.
    /// Sockets that exist once, Unix sockets and those that systemd passes, are not steered.
    /// </summary>
    public CpuSteering CpuSteering { get; set; }

    /// <summary>
    /// The nice value of the workers' threads: -20 (served first) to 19. Default: null, for the process's
    /// own. Below the process's own it needs CAP_SYS_NICE or <c>ulimit -e</c>; a start that may not fails.
    /// Workers that are always served first can starve what else runs on their CPUs.
    /// </summary>
    public int? NiceValue { get; set; }

    /// <summary>
    /// Connections that the server holds at once: 1 to 16,777,216. Default: 65,536. What happens to one more
    /// is <see cref="AtConnectionLimit"/>. Each reserves, but does not use, 128 bytes and the size of the
    /// handler in every worker. It also needs a descriptor (<c>ulimit -n</c>).
    /// </summary>
    public int MaxConnections { get; set; } = 65_536;

    /// <summary>
    /// Connections that one worker holds at once: 1 to <see cref="MaxConnections"/>, or 0, the default, for
    /// as many as the server. It keeps one worker from being given them all.
    /// </summary>
    public int MaxConnectionsPerWorker { get; set; }

    /// <summary>
    /// Connections that one remote address may have at once: 1 to 16,777,216, or 0, the default, for no
    /// limit. IPv6 addresses with the same first 64 bits count as one. One more is refused. Clients of Unix
    /// sockets have no address and are not counted. Without it, one
    /// client can take all of <see cref="MaxConnections"/>; with it, so may the clients behind one NAT need
    /// more than it allows.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// Connections that the server accepts in a second: 1 to 1,000,000, or 0, the default, for no limit. A
    /// tenth of a second's worth may come at once. The others wait in the listen queue. Without it, clients
    /// that connect again and again can keep the workers from serving those that are connected.
    /// </summary>
    public int MaxAcceptsPerSecond { get; set; }

    /// <summary>
    /// What happens to clients when <see cref="MaxConnections"/> or <see cref="MaxConnectionsPerWorker"/> is
    /// reached. Default: they are refused.
    /// </summary>
    public ConnectionLimitPolicy AtConnectionLimit { get; set; } = ConnectionLimitPolicy.Refuse;

    /// <summary>
    /// What the workers wait with: io_uring, or epoll where that is refused. Default: <c>Auto</c>, which
    /// tries. The callbacks see no difference.
    /// </summary>
    public GainRing Ring { get; set; } = GainRing.Auto;

    /// <summary>
    /// Submission entries of each worker's ring: a power of two, 8 to 32,768. Default: 1,024. Completion
    /// entries are eight times as many. For unprivileged users rings count against <c>ulimit -l</c>. Without
    /// effect on epoll.
    /// </summary>
    public int RingEntries { get; set; } = 1_024;

    /// <summary>
    /// Receive buffers of each worker: a power of two, 2 to 32,768. Default: 1,024. When they run out,
    /// connections wait for one in turn; nothing is lost.
    /// </summary>
    public int BufferCount { get; set; } = 1_024;

    /// <summary>
    /// The size of a receive buffer in bytes, and so the longest span that one <c>OnRead</c> gets: 64 to
    /// 1,048,576. Default: 16,384.
    /// </summary>
    public int BufferBytes { get; set; } = 16_384;

    /// <summary>
    /// Connections that may wait to be accepted: 1 to 1,048,576; the kernel lowers it to
    /// <c>net.core.somaxconn</c>. Default: 4,096.
    /// </summary>
    public int Backlog { get; set; } = 4_096;

    /// <summary>
    /// For how long a start tries again to get an address that is in use, but by no process that can be seen:
    /// 0 to 1 minute. Default: 2 s. The kernel frees the sockets of a killed server that was on io_uring a
    /// little later, and a restart would fail. An address that a process of the same user has is an error at
    /// once; of another user's it cannot be told, and the error comes so much later. At 0 it always comes at
    /// once, also after a crash.
    /// </summary>
    public TimeSpan BindRetryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Options of the listening sockets, and through them of every connection: no-delay, keep-alive, buffer
    /// sizes and the like. Default: no-delay, and else what the system does.
    /// </summary>
    public SocketSettings Sockets { get; set; } = new();

    /// <summary>
    /// The permissions of the file of a <c>unix://</c> or <c>unixgram://</c> address: whoever may write to it
    /// may connect. They hold from the first connection on, whatever the umask is. Read, write and execute
    /// bits only. Default: null, for what the umask leaves of all, mostly that the same user may connect.
    /// Without effect on abstract names, which everybody in the network namespace may connect to, and on what
    /// systemd passes.
    /// </summary>
    public UnixFileMode? UnixSocketMode { get; set; }

    /// <summary>
    /// Outbound bytes of a connection at which it stops reading, so that a client that does not read is
    /// held back instead of filling memory, or at which <see cref="SlowReaders"/> does something else: 1 to
    /// 1,073,741,823. Default: 1,048,576.
    /// </summary>
    public int OutboundHighWatermarkBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Outbound bytes at which it reads on and <c>OnDrained</c> is called: 0 to below the high watermark.
    /// Default: 262,144.
    /// </summary>
    public int OutboundLowWatermarkBytes { get; set; } = 256 << 10;

    /// <summary>
    /// Outbound bytes that a connection may never exceed, also by writes that answer nothing: the high
    /// watermark to 1,073,741,823. Default: 16,777,216. <c>TrySend</c> refuses what would exceed it;
    /// <c>Send</c> closes the connection with <see cref="CloseReason.OutboundLimit"/>. Raising it lets one
    /// client that does not read take as much memory.
    /// </summary>
    public int MaxOutboundBytes { get; set; } = 16 << 20;

    /// <summary>
    /// What happens to a connection at <see cref="OutboundHighWatermarkBytes"/>. Default: it stops reading.
    /// </summary>
    public SlowReaderPolicy SlowReaders { get; set; } = SlowReaderPolicy.PauseReading;

    /// <summary>
    /// Memory in bytes that the server holds for what its connections are to send, or have sent and not
    /// finished: at least 4 MiB for each worker. Default: 0, for a quarter of the memory that the process may
    /// use. From three quarters on, connections stop reading at the low watermark already; at the limit
    /// <c>TrySend</c> returns false, and a connection that needs more is closed with
    /// <see cref="CloseReason.OutboundLimit"/> or <see cref="CloseReason.InboundLimit"/>. Without it, many
    /// slow clients together could fill the machine's memory, though each keeps to its own limit.
    /// </summary>
    public long MaxBufferedBytes { get; set; }

    /// <summary>
    /// Received bytes that <c>OnRead</c> may leave unconsumed before the connection is closed with
    /// <see cref="CloseReason.InboundLimit"/>: 1 to 536,870,911. Default: 65,536. Raising it lets a client
    /// that sends half a message take as much memory.
    /// </summary>
    public int MaxUnconsumedBytes { get; set; } = 64 << 10;

    /// <summary>
    /// How long a connection that Gain closed reads on, and drops what comes, until the peer closes too.
    /// Closing with unread bytes would reset it, and the reset could overtake the last answer. 0 to 1 hour.
    /// Default: 2 s. At 0, or when it ends, the socket is closed as it is.
    /// </summary>
    public TimeSpan LingerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a new connection may take to send its first byte; it is closed then with
    /// <see cref="CloseReason.FirstByteTimeout"/>. 0 to 24 days. Default: 0, for no limit, as some protocols
    /// let the server speak first. Without it, clients that connect and say nothing keep their slots.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; set; }

    /// <summary>
    /// How long a connection may send nothing; it is closed then with
    /// <see cref="CloseReason.IdleTimeout"/>. Time in which it takes what was written to it does not count.
    /// 0 to 24 days. Default: 0, for no limit. Without it, clients that vanished without a word keep their
    /// slots until something is sent to them.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>
    /// How long a send may go on without a byte of progress; the connection is reset then with
    /// <see cref="CloseReason.SendTimeout"/>, after one to two such times. 0 to 24 days; 0 for no limit.
    /// Default: 60 s. Without it, a client that stops reading keeps its slot and
    /// <see cref="MaxOutboundBytes"/> of memory.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a connection is held for an answer (<see cref="Connection.Hold"/>) that nobody sends or
    /// releases: 60 seconds by default, 0 to 24 days; 0 for no limit. Then it is released, counted in
    /// <see cref="GainStatistics.ExpiredHolds"/> and logged. Without a limit a forgotten answer keeps its
    /// connection until the peer resets it, or the server's stop does at its deadline.
    /// </summary>
    public TimeSpan HoldTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The answers that may be due at once on a worker (<see cref="Connection.Hold"/>): 1 to 1,048,576.
    /// Default: 65,536. Each takes 40 bytes, reserved at the start. A client that sends requests faster than
    /// they are answered takes places that others need: refuse with <see cref="Connection.TryHold"/>, or
    /// pause its reading.
    /// </summary>
    public int MaxHoldsPerWorker { get; set; } = 65_536;

    /// <summary>
    /// How old a connection may become; it is closed then with <see cref="CloseReason.LifetimeReached"/>,
    /// what was written goes out first. 0 to 24 days. Default: 0, for no limit. For balancers, so that
    /// clients spread over new servers.
    /// </summary>
    public TimeSpan MaxLifetime { get; set; }

    /// <summary>
    /// How long a stop lets connections finish when it is not given a time: 0 to 1 day. Default: 10 s. What
    /// is left then is reset.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests from other threads that may wait for each worker: a power of two, 2 to 1,048,576. Default:
    /// 4,096. When full, the caller is told.
    /// </summary>
    public int MailboxCapacity { get; set; } = 4_096;

    /// <summary>
    /// Bytes that <see cref="ConnectionHandle.TrySend(ReadOnlySpan{byte})"/> may have waiting for each
    /// worker: 1 to 1,073,741,823. Default: 16,777,216. They count against <see cref="MaxBufferedBytes"/>
    /// as well, and wait only until the worker's next turn; at the limit the caller is told. Raising it lets
    /// threads that post faster than a worker sends take as much memory.
    /// </summary>
    public int MaxPostedBytesPerWorker { get; set; } = 16 << 20;

    /// <summary>
    /// How long one turn of a worker may last before a warning names the protocol: 0 to 1 hour, 0 for any
    /// time. Default: 500 ms. For so long a callback has kept all other connections of its worker waiting.
    /// </summary>
    public TimeSpan SlowTurnWarning { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Where messages go. Default: null, which writes those of <see cref="LogLevel"/> and above to standard
    /// error, on a thread of its own. No worker waits for whoever reads it: at 1,024 messages or 1,048,576
    /// characters that wait, further ones are dropped, and a line says how many. A logger of yours is called
    /// by the workers themselves, which wait for it: it must not block.
    /// </summary>
    /// <remarks>
    /// A field, as configuration binders look at properties, and the source-generated one would warn in every
    /// build of a property whose value no text can say.
    /// </remarks>
    [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "See above.")]
    public ILogger? Logger;

    /// <summary>
    /// The least severe messages that go to standard error; without effect on a <see cref="Logger"/>, which
    /// has filters of its own. Default: warnings.
    /// </summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Warning;

    /// <summary>For tests: the ring's longest run of one operation; 0 for what the kernel needs.</summary>
    internal int LongestRun { get; set; }

    /// <summary>A copy of them, checked, and with what depends on the machine.</summary>
    /// <exception cref="GainException">One is invalid; the message names it.</exception>
    internal GainOptions Validated()
    {
        var copy = (GainOptions)MemberwiseClone();
        copy.Sockets = (Sockets ?? new SocketSettings()).Validated();
        copy._perWorker = new Dictionary<Type, Delegate>(_perWorker);
        OptionRules.Validate(copy);
        return copy;
    }
}
