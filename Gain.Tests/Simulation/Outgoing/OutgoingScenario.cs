using Gain.Rings;
using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>What a seed stands for where a worker dials again and keeps connections.</summary>
internal sealed class OutgoingScenario
{
    public const int Targets = 3;

    public OutgoingScenario(ulong seed)
    {
        var random = new SimulationRandom(seed ^ 0x4F75_7467_6F69_6E67);
        bool redials = random.Chance(0.6);
        bool pools = !redials || random.Chance(0.7);
        int firstMs = random.Skewed(1, 50);
        int maxMs = firstMs * random.Skewed(1, 20);
        double jitter = random.Pick<double>([0, 0.5, 1]);
        Redial = redials ? new RedialSetting(firstMs, maxMs, jitter) : null;
        var pool = new PoolSetting(random.Skewed(1, 4), random.Skewed(1, 8), random.Skewed(1, 300));
        Pool = pools ? pool : null;
        TimeoutMs = random.Skewed(1, 300);
        LingerMs = random.Chance(0.3) ? 0 : random.Skewed(1, 200);
        StopAtNs = random.SkewedLong(20_000_000, 1_000_000_000);
        DrainMs = random.Chance(0.2) ? 0 : random.Skewed(1, 1_000);
        Clients = random.Skewed(1, 10);
        Commands = random.Skewed(1, 40);
        Refused = random.Below(50) / 100.0;
        Unanswered = random.Below(30) / 100.0;
        OpenErrors = Rate(random);
        EndedReceives = Rate(random);
        LateCompletions = Rate(random);
        EndsIdle = random.Below(60) / 100.0;
        Options = MakeOptions(random);
        var sockets = new OutgoingSockets(new SocketSettings(), new DialOptions());
        var setting = new DialSetting(
            sockets, TimeoutMs, new NameCache(new DialOptions()), AttemptDelayMs: 250, Redial, Pool);
        Settings = Options.ForWorker(0, null) with
        {
            Dials = new DialSettings(1, [setting]) { Seed = random.Next() },
        };
    }

    public RedialSetting? Redial { get; }

    public PoolSetting? Pool { get; }

    public int TimeoutMs { get; }

    public int LingerMs { get; }

    public long StopAtNs { get; }

    public int DrainMs { get; }

    public int Clients { get; }

    /// <summary>What other threads ask for, in all.</summary>
    public int Commands { get; }

    /// <summary>How many connects are refused, and how many are never answered.</summary>
    public double Refused { get; }

    public double Unanswered { get; }

    public double OpenErrors { get; }

    /// <summary>How many receives end with what they have received.</summary>
    public double EndedReceives { get; }

    /// <summary>How often a batch leaves completions for the next one.</summary>
    public double LateCompletions { get; }

    /// <summary>How often a peer ends, resets or speaks when nobody has asked it anything.</summary>
    public double EndsIdle { get; }

    public GainOptions Options { get; }

    public WorkerSettings Settings { get; }

    private static double Rate(SimulationRandom random) =>
        random.Chance(0.5) ? 0 : random.Skewed(1, 300) / 1_000.0;

    private GainOptions MakeOptions(SimulationRandom random)
    {
        var options = new GainOptions { WorkerCount = 1 };
        options.Limits.MaxConnections = random.Chance(0.4) ? random.Between(2, 8) : random.Between(9, 40);
        options.Accepting.AtConnectionLimit = random.Pick<ConnectionLimitPolicy>(
            [ConnectionLimitPolicy.Refuse, ConnectionLimitPolicy.StopAccepting]);
        options.Buffers.ReceiveBufferCount = 1 << random.Between(1, 5);
        options.Buffers.ReceiveBufferBytes = 64;
        options.Timeouts.Linger = TimeSpan.FromMilliseconds(LingerMs);
        return options.Validated();
    }
}
