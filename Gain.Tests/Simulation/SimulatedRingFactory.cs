using Gain.Rings;

namespace Gain.Tests.Simulation;

/// <summary>Hands the one ring of a simulation to its worker.</summary>
internal sealed class SimulatedRingFactory(SimulatedKernel kernel) : IRingFactory<SimulatedRing>
{
    public SimulatedRing Create(RingSettings settings) => new(kernel);
}
