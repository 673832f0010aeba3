using Gain.Connections;
using Gain.Rings;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>What a seed stands for: the protocol, the options, the faults and the script of each peer.</summary>
internal sealed class Scenario
{
    public Scenario(ulong seed)
    {
        var random = new SimulationRandom(seed * 2);
        Faults = new Faults(random);
        Plan = random.Pick<ProtocolPlan>(ProtocolPlan.All);
        Listeners = random.Between(1, 2);
        Settings = MakeSettings(random);
        Peers = random.Chance(0.02) ? random.Between(10, 40) : random.Skewed(1, 8);
        StopAtNs = random.Chance(0.3) ? random.SkewedLong(1_000, 200_000_000) : long.MaxValue;
        DrainMs = random.Chance(0.1) ? 0 : random.Skewed(1, 10_000);
        HastenMs = random.Chance(0.1) ? random.Skewed(1, 2_000) : -1;
    }

    public Faults Faults { get; }

    public ProtocolPlan Plan { get; }

    public WorkerSettings Settings { get; }

    public int Listeners { get; }

    public int Peers { get; }

    /// <summary>When the stop is asked for; otherwise when nothing else happens.</summary>
    public long StopAtNs { get; }

    /// <summary>How long the stop may take.</summary>
    public int DrainMs { get; }

    /// <summary>How long after the stop a second one asks for haste; never when negative.</summary>
    public int HastenMs { get; }

    /// <summary>What matters most of it, for a trace.</summary>
    public string Describe() =>
        $"{Plan.Name}, {Peers} peers, {Settings.MaxConnections} connections, {Settings.Limits}, "
        + $"{Settings.Ring}, linger {Settings.LingerMs} ms, drain {DrainMs} ms; {Faults.Describe()}";

    private static WorkerSettings MakeSettings(SimulationRandom random)
    {
        int high = random.Skewed(1, random.Chance(0.1) ? 200_000 : 10_000);
        int low = random.Chance(0.2) ? 0 : random.Below(high);
        int slack = random.Chance(0.2) ? random.Skewed(0, 1_000) : random.Between(20_000, 400_000);
        int unconsumed = random.Chance(0.1) ? random.Between(1, 300) : random.Between(300, 70_000);
        int linger = random.Chance(0.2) ? 0 : random.Skewed(1, 2_000);
        return new WorkerSettings(
            Index: 0,
            Cpu: null,
            MaxConnections: random.Chance(0.2) ? random.Between(1, 4) : random.Between(8, 64),
            MailboxCapacity: 1 << random.Between(1, 6),
            LingerMs: linger,
            new ConnectionLimits(high, low, high + slack, unconsumed),
            new RingSettings(
                Entries: 1 << random.Between(3, 7),
                BufferCount: 1 << random.Between(1, random.Chance(0.5) ? 3 : 7),
                BufferBytes: random.Skewed(64, 4_096),
                WakeToken: Token.Pack(Operation.Wake, 0, 0)));
    }
}
