namespace Gain.Tests.Simulation.Datagrams;

/// <summary>How likely what is in a seed's run; most of it does not happen at all.</summary>
internal sealed class DatagramFaults(SimulationRandom random)
{
    public double Empty { get; } = Rate(random);

    public double Coalesces { get; } = Rate(random);

    public double Truncates { get; } = Rate(random);

    public double Overflows { get; } = Rate(random);

    public double ReceiveErrors { get; } = Rate(random);

    public double Full { get; } = Rate(random);

    public double RoomComes { get; } = 0.02 + (random.Below(50) / 50.0);

    public double SendErrors { get; } = Rate(random);

    public double SendsLess { get; } = Rate(random);

    public double RefusesRuns { get; } = Rate(random);

    public bool StopsEarly { get; } = random.Chance(0.3);

    private static double Rate(SimulationRandom random) =>
        random.Chance(0.5) ? 0 : random.Skewed(1, 400) / 1_000.0;
}
