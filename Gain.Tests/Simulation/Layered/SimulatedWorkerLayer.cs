using Gain.Layers;

namespace Gain.Tests.Simulation.Layered;

/// <summary>The worker's part of the simulated layer.</summary>
internal sealed class SimulatedWorkerLayer(SimulatedWorld world, Action<long> resume) : WorkerLayer
{
    public override LayerSession Begin(long tag, string? host, int port)
    {
        world.LayerSessions++;
        return new SimulatedLayerSession(world, tag, resume);
    }

    protected override void Dispose(bool disposing)
    {
        if (world.LayerSessions != 0)
        {
            throw world.Fail($"{world.LayerSessions} sessions of the layer have not ended");
        }
    }
}
