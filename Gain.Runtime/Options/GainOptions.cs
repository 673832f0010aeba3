using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// What a server is started with: its threads here, and the rest in groups. Every value has a default. All
/// are checked when the server starts, which takes a copy of them. Every property can be bound from a
/// configuration under its own name, as in <c>Limits:MaxConnections</c>.
/// </summary>
public sealed partial class GainOptions
{
    /// <summary>How much of everything the server holds at once.</summary>
    public LimitOptions Limits { get; internal set; } = new();

    /// <summary>How long the server waits for what.</summary>
    public TimeoutOptions Timeouts { get; internal set; } = new();

    /// <summary>How the server accepts connections, and whom it lets in.</summary>
    public AcceptOptions Accepting { get; internal set; } = new();

    /// <summary>
    /// Options of the listening sockets, and through them of every connection: no-delay, keep-alive, buffer
    /// sizes and the like. Default: no-delay, and else what the system does.
    /// </summary>
    public SocketSettings Sockets { get; internal set; } = new();

    /// <summary>What concerns datagrams.</summary>
    public DatagramOptions Datagrams { get; internal set; } = new();

    /// <summary>The sizes of each worker's ring and of its receive buffers.</summary>
    public BufferOptions Buffers { get; internal set; } = new();

    /// <summary>
    /// How many workers there are: threads, each with its own ring, connections and listening socket. 1 to
    /// 1,024. Default: the CPUs that the process may use. More workers than CPUs only add switching.
    /// </summary>
    public int WorkerCount { get; set; } = Environment.ProcessorCount;

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
    /// What the workers wait with: io_uring, or epoll where that is refused. Default: <c>Auto</c>, which
    /// tries. The callbacks see no difference.
    /// </summary>
    public GainRing Ring { get; set; } = GainRing.Auto;

    /// <summary>
    /// How long one turn of a worker may last before a warning names the protocol: up to 1 hour, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for any time. Default: 500 ms. All other connections of the
    /// worker have waited that long for one callback.
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
        copy.Limits = Limits.Clone();
        copy.Timeouts = Timeouts.Clone();
        copy.Accepting = Accepting.Clone();
        copy.Sockets = Sockets.Validated();
        copy.Datagrams = Datagrams.Clone();
        copy.Buffers = Buffers.Clone();
        copy._perWorker = new Dictionary<Type, Delegate>(_perWorker);
        OptionRules.Validate(copy);
        return copy;
    }
}
