namespace Gain.Tests.Simulation;

/// <summary>What a pipe holds.</summary>
internal sealed class SimulatedPipe
{
    /// <summary>The bytes, from the first that went in.</summary>
    public List<byte> Bytes { get; } = [];
}
