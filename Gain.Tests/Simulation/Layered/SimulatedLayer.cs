using Gain.Layers;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Simulation.Layered;

/// <summary>
/// A layer of our own in place of TLS, whose bytes and lengths OpenSSL draws anew each time: records that are
/// hidden and checked, a set-up in steps that may wait for another thread, answers in between, an end of its
/// own.
/// </summary>
internal sealed class SimulatedLayer(SimulatedWorld world) : ConnectionLayer
{
    private readonly int _timeoutMs = world.LayerRandom.Skewed(1, 2_000);
    private readonly int _steps = world.LayerRandom.Skewed(1, 16);
    private readonly int _setups = world.LayerRandom.Skewed(1, 40);

    public override string Name => "Masks";

    public override TimeSpan SetupTimeout => TimeSpan.FromMilliseconds(_timeoutMs);

    public override int MaxSetupStepsPerTurn => _steps;

    public override int MaxSetups => _setups;

    public override bool StartsOnRequest => world.Scenario.UpgradesLayers;

    public override WorkerLayer Open(Action<long> resume, ILogger logger) =>
        new SimulatedWorkerLayer(world, resume);
}
