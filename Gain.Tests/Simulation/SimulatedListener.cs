namespace Gain.Tests.Simulation;

/// <summary>A listening socket, with the connections that wait to be accepted.</summary>
internal sealed class SimulatedListener
{
    public int Fd { get; set; }

    public bool IsClosed { get; set; }

    public Queue<SimulatedSocket> Backlog { get; } = new();

    /// <summary>The accept, until the worker has its last completion.</summary>
    public SimulatedOperation? Accept { get; set; }

    /// <summary>An accept has failed since the last connection: the next try waits.</summary>
    public bool HasFailed { get; set; }
}
