using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// The options that a server is started with: those of its threads here, and the others in groups. Every
/// option has a default. The server checks all options when it starts, and takes a copy. Every property can
/// be bound from a configuration under its own name, as in <c>Limits:MaxConnections</c>.
/// </summary>
public sealed partial class GainOptions
{
    /// <summary>How much of everything the server holds at once.</summary>
    public LimitOptions Limits { get; internal set; } = new();

    /// <summary>The server's time limits.</summary>
    public TimeoutOptions Timeouts { get; internal set; } = new();

    /// <summary>How the server accepts connections, and whom it lets in.</summary>
    public AcceptOptions Accepting { get; internal set; } = new();

    /// <summary>
    /// Options of the listening sockets, and through them of every connection: no-delay, keep-alive, buffer
    /// sizes and others. Default: no-delay; the system's defaults for the rest.
    /// </summary>
    public SocketSettings Sockets { get; internal set; } = new();

    /// <summary>What concerns datagrams.</summary>
    public DatagramOptions Datagrams { get; internal set; } = new();

    /// <summary>The sizes of each worker's ring and of its receive buffers.</summary>
    public BufferOptions Buffers { get; internal set; } = new();

    /// <summary>
    /// The number of workers: threads, each with its own ring, connections and listening socket. 1 to 1,024.
    /// Default: the number of CPUs that the process can use. More workers than CPUs only add switching.
    /// </summary>
    public int WorkerCount { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Pins worker <i>i</i> to the <i>i</i>-th CPU that the process can use. Default: false. It helps on a
    /// dedicated machine, and harms where other busy threads share the CPUs.
    /// </summary>
    public bool CpuAffinity { get; set; }

    /// <summary>
    /// How the kernel is told to give each connection to the worker on the CPU where its packets arrive, so
    /// that they stay in that CPU's caches. Default: <see cref="Gain.CpuSteering.None"/>. It needs <see
    /// cref="CpuAffinity"/> and no more workers than CPUs. It helps only where the network card spreads its
    /// packets over those CPUs (see docs/deployment.md); otherwise one worker gets all connections. Unix
    /// sockets and sockets that systemd passes are not steered, because all workers share one.
    /// </summary>
    public CpuSteering CpuSteering { get; set; }

    /// <summary>
    /// The nice value of the workers' threads: -20 (served first) to 19. Default: null, for the process's own
    /// value. A lower value than that needs CAP_SYS_NICE or <c>ulimit -e</c>; without them the start fails.
    /// Workers that are always served first can starve other programs on their CPUs.
    /// </summary>
    public int? NiceValue { get; set; }

    /// <summary>
    /// The kernel interface that the workers use: io_uring, or epoll. Default: <c>Auto</c>, which takes
    /// io_uring where it works, and epoll otherwise. The callbacks see no difference.
    /// </summary>
    public GainRing Ring { get; set; } = GainRing.Auto;

    /// <summary>
    /// The longest turn of a worker without a warning, which names the protocol: up to 1 hour, or <see
    /// cref="Timeout.InfiniteTimeSpan"/> for no warning. Default: 500 ms. All other connections of the worker
    /// wait that long for one callback.
    /// </summary>
    public TimeSpan SlowTurnWarning { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Where messages go. Default: null, which writes messages of <see cref="LogLevel"/> and above to
    /// standard error, on a thread of its own. No worker waits for the reader of standard error: when 1,024
    /// messages or 1,048,576 characters wait, further messages are dropped, and a line says how many. The
    /// workers call a logger of yours themselves and wait for it, so it must not block.
    /// </summary>
    /// <remarks>
    /// A field, as configuration binders look at properties, and the source-generated one would warn in every
    /// build of a property whose value no text can say.
    /// </remarks>
    [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "See above.")]
    public ILogger? Logger;

    /// <summary>
    /// What makes the server's meter, as that of a host: whoever collects from it sees this server's. A meter
    /// of a factory lives as long as the factory does, and so reads a server that has stopped. Default: null,
    /// a meter that ends with the server.
    /// </summary>
    /// <remarks>A field, as <see cref="Logger"/> is.</remarks>
    [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "See above.")]
    public IMeterFactory? MeterFactory;

    /// <summary>
    /// The lowest level of messages that go to standard error. Default: warnings. It has no effect on a <see
    /// cref="Logger"/>, which has filters of its own.
    /// </summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Warning;

    /// <summary>For tests: the ring's longest run of one operation; 0 for what the kernel needs.</summary>
    internal int LongestRun { get; set; }

    /// <summary>A copy of them, checked, and with what depends on the machine.</summary>
    /// <exception cref="GainException">One is invalid; the message names it.</exception>
    internal GainOptions Validated()
    {
        var copy = (GainOptions)MemberwiseClone();
        copy.Limits = Limits.Clone();
        copy.Timeouts = Timeouts.Clone();
        copy.Accepting = Accepting.Clone();
        copy.Sockets = Sockets.Validated("GainOptions.Sockets");
        copy.Datagrams = Datagrams.Clone();
        copy.Buffers = Buffers.Clone();
        copy._perWorker = new Dictionary<Type, Delegate>(_perWorker);
        OptionRules.Validate(copy);
        return copy;
    }
}
