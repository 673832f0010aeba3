namespace Gain;

/// <summary>How the acceptor of <see cref="GainArchitecture.Reactor"/> picks a connection's worker.</summary>
public enum GainBalancing
{
    /// <summary>One worker after the other; see <see cref="RoundRobinBalancer"/>.</summary>
    RoundRobin = 0,

    /// <summary>The worker with the fewest connections; see <see cref="LeastConnectionsBalancer"/>.</summary>
    LeastConnections = 1,

    /// <summary>
    /// The same worker for the same client's address; see <see cref="SourceIPHashBalancer"/>.
    /// </summary>
    SourceIPHash = 2,
}
