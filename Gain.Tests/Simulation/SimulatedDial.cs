namespace Gain.Tests.Simulation;

/// <summary>A socket of the worker's that does not connect yet, or tries one of a name's addresses.</summary>
internal sealed class SimulatedDial
{
    /// <summary>Whose address it tries; null before it does.</summary>
    public SimulatedPeer? Peer { get; set; }

    /// <summary>Its connect is over, and it is connected.</summary>
    public bool IsUp { get; set; }

    /// <summary>Operations that name it, until the worker has their completions.</summary>
    public int InFlight { get; set; }
}
