using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>What a seed stands for where a worker dials sockets for datagrams.</summary>
internal sealed class DialledScenario
{
    public DialledScenario(ulong seed)
    {
        var random = new SimulationRandom(seed ^ 0x4461_7461_6772_616D);
        IdleMs = random.Chance(0.3) ? 0 : random.Skewed(2, 300);
        Most = random.Skewed(1, 12);
        Dials = random.Skewed(1, 40);
        Told = random.Skewed(1, 300);
        OpenErrors = Rate(random);
        ConnectErrors = Rate(random);
        Strangers = Rate(random);
        ReceiveErrors = Rate(random);
        PeerErrors = random.Below(100) / 100.0;
        EndedReceives = Rate(random);
        Coalesces = Rate(random);
        Full = Rate(random);
        SendErrors = Rate(random);
        LateCompletions = Rate(random);
        Faults = Rate(random);
        StopsEarly = random.Chance(0.3);
        DrainMs = random.Chance(0.2) ? 0 : random.Skewed(1, 1_000);
        Buffers = 1 << random.Between(1, 4);
        var sockets = new OutgoingSockets(new SocketSettings(), new DialOptions());
        var setting = new DialSetting(sockets, 1_000, new NameCache(new DialOptions()), AttemptDelayMs: 250)
        {
            Datagrams = new DatagramDialSetting(sockets, IdleMs),
        };
        Options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxConnections = 1 },
        }.Validated();
        Settings = Options.ForWorker(0, cpu: null) with
        {
            Datagrams = new DatagramSettings(random.Between(512, 4_096), true, random.Chance(0.7))
            {
                MostDialled = Most,
            },
            Dials = new DialSettings(0, [setting]),
        };
        RingFails = random.Chance(0.05);
    }

    public int IdleMs { get; }

    /// <summary>How many sockets may be open.</summary>
    public int Most { get; }

    /// <summary>How many are dialled by other threads, and how many datagrams peers send, in all.</summary>
    public int Dials { get; }

    public int Told { get; }

    public double OpenErrors { get; }

    public double ConnectErrors { get; }

    /// <summary>How many datagrams are of somebody else than the peer.</summary>
    public double Strangers { get; }

    public double ReceiveErrors { get; }

    /// <summary>How many of these, and of the errors of sends, tell that the peer is gone.</summary>
    public double PeerErrors { get; }

    public double EndedReceives { get; }

    public double Coalesces { get; }

    public double Full { get; }

    public double SendErrors { get; }

    /// <summary>How often a batch leaves completions for the next one.</summary>
    public double LateCompletions { get; }

    public double Faults { get; }

    public bool StopsEarly { get; }

    public int DrainMs { get; }

    public int Buffers { get; }

    /// <summary>Whether the ring fails for good at some moment, and the worker with it.</summary>
    public bool RingFails { get; }

    public GainOptions Options { get; }

    public WorkerSettings Settings { get; }

    private static double Rate(SimulationRandom random) =>
        random.Chance(0.5) ? 0 : random.Skewed(1, 400) / 1_000.0;
}
