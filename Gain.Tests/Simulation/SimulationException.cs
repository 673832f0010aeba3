namespace Gain.Tests.Simulation;

/// <summary>A seed's run broke a rule: the engine has a defect, or the simulation has.</summary>
internal sealed class SimulationException(ulong seed, string message, Exception? inner = null)
    : Exception(
        $"Seed {seed}: {message}\nReplay it with: "
        + $"dotnet run -c Release --project Gain.Bench -- simulate --seed {seed} --trace",
        inner)
{
    public ulong Seed => seed;
}
