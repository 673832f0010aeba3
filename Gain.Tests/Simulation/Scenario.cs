using System.Net;
using Gain.Layers;
using Gain.Sockets;
using Gain.Tests.Simulation.Layered;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>What a seed stands for: the protocol, the options, the faults, the peers.</summary>
internal sealed class Scenario
{
    public Scenario(
        ulong seed,
        ProtocolPlan? plan = null,
        bool dials = false,
        Func<SimulatedWorld>? names = null,
        SimulatedWorld? layers = null)
    {
        var random = new SimulationRandom(seed * 2);
        Faults = new Faults(random);
        ProtocolPlan drawn = random.Pick<ProtocolPlan>(ProtocolPlan.All);
        Plan = plan ?? drawn;
        Listeners = random.Between(1, 2);
        GainOptions options = MakeOptions(random, Plan);
        if (random.Chance(0.05))
        {
            // The peers 3, 4 and 5: see SimulatedKernel.TryGetPeer.
            options.Accepting.DeniedNetworks.Add("0:0:0:1::/64");
        }

        Options = options.Validated();
        Settings = Options.ForWorker(0, null);
        Peers = random.Chance(0.02) ? random.Between(10, 40) : random.Skewed(1, 8);
        StopAtNs = random.Chance(0.3) ? random.SkewedLong(1_000, 200_000_000) : long.MaxValue;
        DrainMs = random.Chance(0.1) ? 0 : random.Skewed(1, 10_000);
        WritesInPlace = random.Chance(0.2);
        int memory = random.Skewed(300_000, 3_000_000);
        MemoryBytes = random.Chance(0.1) ? memory : 1L << 40;
        Neighbours = random.Chance(0.1) ? random.Skewed(1, 20) : 0;
        HastenMs = random.Chance(0.1) ? random.Skewed(1, 2_000) : -1;

        // What came later is drawn apart, so that everything above keeps its meaning.
        var late = new SimulationRandom(seed ^ 0x4D65_6D6F_7279);
        double refusals = late.Pick<double>([0.02, 0.2, 0.9]);
        MemoryRefusals = late.Chance(0.1) ? refusals : 0;
        double freezes = late.Pick<double>([0.005, 0.05]);
        Freezes = late.Chance(0.15) ? freezes : 0;
        MaxFreezeMs = late.Skewed(1, 3_000);
        int hasteMs = late.Skewed(1, 2_000);
        HasteMs = late.Chance(0.5) ? hasteMs : 0;
        int parked = late.Skewed(1, 6);
        bool waits = Settings.Accepts.MaxParked != 0 && late.Chance(0.5);
        Settings = Settings with
        {
            Accepts = Settings.Accepts with { MaxParked = waits ? parked : Settings.Accepts.MaxParked },
        };

        Settings = WithHalfClose(Settings, seed);
        DialsNames = names is not null;
        Settings = dials ? WithDials(Settings, seed, names) : Settings;
        Settings = layers is not null ? WithLayers(Settings, Listeners, layers) : Settings;

        Settings = Plan == ProtocolPlan.Splicing ? WithSplices(Settings, seed) : Settings;

        var ring = new SimulationRandom(seed ^ 0x5275_6E73);
        int run = ring.Skewed(1, 8);
        int room = ring.Skewed(1, 200);
        LongestRun = ring.Chance(0.3) ? run : int.MaxValue;
        HeldBackCapacity = LongestRun != int.MaxValue && ring.Chance(0.2) ? room : 10_000;
    }

    /// <summary>The worker dials some of the peers by name.</summary>
    public bool DialsNames { get; }

    /// <summary>Connections begin without the layer, and ask for it.</summary>
    public bool UpgradesLayers => Plan.Upgrades;

    public Faults Faults { get; }

    public ProtocolPlan Plan { get; }

    public GainOptions Options { get; }

    public WorkerSettings Settings { get; }

    public int Listeners { get; }

    public int Peers { get; }

    /// <summary>Protocols write by <c>GetSpan</c> and <c>SendStatic</c> too.</summary>
    public bool WritesInPlace { get; }

    /// <summary>What the server may hold for its connections' bytes: in some seeds, too little.</summary>
    public long MemoryBytes { get; }

    /// <summary>How often the system refuses memory that the budget allows.</summary>
    public double MemoryRefusals { get; }

    /// <summary>
    /// How often the process stands still, as a debugger, a signal or a cgroup makes it, while time goes on.
    /// </summary>
    public double Freezes { get; }

    /// <summary>For how long at most.</summary>
    public int MaxFreezeMs { get; }

    /// <summary>
    /// The most completions of one operation that a batch hands out, as on kernels without a limit of their
    /// own; <see cref="int.MaxValue"/>: the kernel has one.
    /// </summary>
    public int LongestRun { get; }

    /// <summary>How many can be held back for the next batch; the others wait in the kernel.</summary>
    public int HeldBackCapacity { get; }

    public bool IsMemoryShort => MemoryBytes < 1L << 40 || MemoryRefusals > 0;

    /// <summary>Connections of another worker, which count for the same limits.</summary>
    public int Neighbours { get; }

    /// <summary>When the stop is asked for; otherwise when nothing else happens.</summary>
    public long StopAtNs { get; }

    /// <summary>How long the stop may take.</summary>
    public int DrainMs { get; }

    /// <summary>How long after the stop a second one asks for haste; never when negative.</summary>
    public int HastenMs { get; }

    /// <summary>What the second one leaves of the time.</summary>
    public int HasteMs { get; }

    /// <summary>What matters most of it, for a trace.</summary>
    public string Describe() =>
        $"{Plan.Name}, {Peers} peers, {Settings.MaxConnections} connections, {Settings.Limits}, "
        + $"{Settings.Ring}, {Settings.Deadlines}, {Settings.Accepts}, drain {DrainMs} ms, "
        + $"memory {MemoryBytes} bytes, refused {MemoryRefusals}, "
        + $"freezes {Freezes} of up to {MaxFreezeMs} ms, "
        + $"runs of {LongestRun}, {HeldBackCapacity} held back; "
        + Faults.Describe();

    private static WorkerSettings WithDials(
        WorkerSettings settings, ulong seed, Func<SimulatedWorld>? names)
    {
        var dial = new SimulationRandom(seed ^ 0x4469_616C);
        int timeoutMs = dial.Skewed(1, 500);
        int delayMs = dial.Skewed(1, 200);
        NameSource source = names is null
            ? new NameCache(new DialOptions())
            : new SimulatedNames(names, new SimulationRandom(seed ^ 0x4E61_6D65));
        var sockets = new OutgoingSockets(new SocketSettings(), new DialOptions());
        return settings with
        {
            Dials = new DialSettings(1, [new DialSetting(sockets, timeoutMs, source, delayMs)]),
            Deadlines = settings.Deadlines with { FirstByteMs = 0 },
        };
    }

    // A mailbox that is full is tried again by another thread, of which a simulation has none.
    private static WorkerSettings WithLayers(WorkerSettings settings, int listeners, SimulatedWorld world)
    {
        var layer = new SimulatedLayer(world);
        return settings with
        {
            MailboxCapacity = 4_096,
            Layers = [.. Enumerable.Repeat<ConnectionLayer?>(layer, listeners)],
            Deadlines = settings.Deadlines with { FirstByteMs = 0 },
        };
    }

    private static WorkerSettings WithSplices(WorkerSettings settings, ulong seed)
    {
        var splice = new SimulationRandom(seed ^ 0x5370_6C69_6365);
        int pipes = splice.Skewed(1, 16);
        return settings with
        {
            Splices = new SpliceSettings(pipes)
            {
                FullBytes = splice.Skewed(1, 50),
                FromBytes = splice.Skewed(1, 500),
                WorthBytes = splice.Skewed(1, 100),
            },
        };
    }

    private static WorkerSettings WithHalfClose(WorkerSettings settings, ulong seed)
    {
        var half = new SimulationRandom(seed ^ 0x4861_6C66);
        int halfMs = half.Skewed(1, 300);
        return settings with
        {
            Deadlines = settings.Deadlines with { HalfCloseMs = half.Chance(0.5) ? halfMs : 0 },
        };
    }

    private static GainOptions MakeOptions(SimulationRandom random, ProtocolPlan plan)
    {
        int high = random.Skewed(1, random.Chance(0.1) ? 200_000 : 10_000);
        int slack = random.Chance(0.2) ? random.Skewed(0, 1_000) : random.Between(20_000, 400_000);
        var options = new GainOptions { WorkerCount = 1 };
        (LimitOptions limits, TimeoutOptions timeouts) = (options.Limits, options.Timeouts);

        // One after the other, as a seed stands for what is drawn in this order.
        limits.MaxConnections = random.Chance(0.2) ? random.Between(1, 4) : random.Between(8, 64);
        limits.MaxConnectionsPerAddress = random.Chance(0.1) ? random.Between(1, 3) : null;
        options.Accepting.MaxPerSecond = random.Chance(0.1) ? random.Skewed(10, 10_000) : null;
        options.Accepting.AtConnectionLimit = random.Pick<ConnectionLimitPolicy>(
            [ConnectionLimitPolicy.Refuse, ConnectionLimitPolicy.StopAccepting]);
        options.Accepting.Farewell = random.Chance(0.5) ? "full" : null;
        options.Buffers.RingEntries = 1 << random.Between(3, 7);
        options.Buffers.ReceiveBufferCount = 1 << random.Between(1, random.Chance(0.5) ? 3 : 7);
        options.Buffers.ReceiveBufferBytes = random.Skewed(64, 4_096);
        limits.OutboundHighWatermarkBytes = high;
        limits.OutboundLowWatermarkBytes = random.Chance(0.2) ? 0 : random.Below(high);
        limits.MaxOutboundBytes = high + slack;
        limits.MaxUnconsumedBytes = random.Chance(0.1) ? random.Between(1, 300) : random.Between(300, 70_000);
        limits.SlowReaders = plan.NeedsPause || random.Chance(0.8)
            ? SlowReaderPolicy.PauseReading
            : random.Pick<SlowReaderPolicy>([SlowReaderPolicy.DropWrites, SlowReaderPolicy.Close]);
        limits.MaxHoldsPerWorker = 16;
        limits.MailboxCapacity = 1 << random.Between(1, 6);
        timeouts.Hold = TimeSpan.FromSeconds(10);
        timeouts.Linger = Time(random, 0.8, 2_000) ?? TimeSpan.Zero;
        timeouts.FirstByte = Time(random, 0.15, 100) ?? Timeout.InfiniteTimeSpan;
        timeouts.Idle = Time(random, 0.15, 100) ?? Timeout.InfiniteTimeSpan;
        timeouts.Send = Time(random, 0.3, 50) ?? Timeout.InfiniteTimeSpan;
        timeouts.Lifetime = Time(random, 0.15, 200) ?? Timeout.InfiniteTimeSpan;
        return options;
    }

    private static TimeSpan? Time(SimulationRandom random, double chance, int mostMs)
    {
        int milliseconds = random.Skewed(1, mostMs);
        return random.Chance(chance) ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }
}
