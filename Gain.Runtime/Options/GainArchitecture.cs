namespace Gain;

/// <summary>Which threads of a server accept connections.</summary>
public enum GainArchitecture
{
    /// <summary>
    /// Every worker accepts for itself, on listening sockets of its own: the kernel spreads connections by a
    /// hash of their addresses. The cheapest way, and for many short connections the best.
    /// </summary>
    Sharding = 0,

    /// <summary>
    /// One more thread accepts for all workers, and hands each connection to the worker that <see
    /// cref="GainOptions.Balancing"/>, or a balancer of yours, picks. It suits few, long and unequal
    /// connections, which chance would spread badly. Each connection costs a hand-over, but its data does not
    /// pass through the acceptor.
    /// </summary>
    Reactor = 1,
}
