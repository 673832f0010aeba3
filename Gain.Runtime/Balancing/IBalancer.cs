namespace Gain;

/// <summary>
/// Picks the worker of each accepted connection, for <see cref="GainArchitecture.Reactor"/>. Implemented by a
/// struct, which the acceptor calls directly; it has the one copy, and calls it on its own thread alone, so
/// that fields need no lock. Every connection waits for it: it must not block, and should not allocate.
/// </summary>
public interface IBalancer
{
    /// <summary>
    /// Whether <see cref="Pick"/> looks at the peer's address. A constant: without it, a connection costs
    /// the acceptor no system call beside the accept. Default: true.
    /// </summary>
    static virtual bool NeedsAddress => true;

    /// <summary>Picks a worker. Called once for each connection, on the acceptor's thread.</summary>
    /// <param name="peer">
    /// Who has connected; that of a Unix socket is <see cref="GainAddress.Unix"/>. The default value when
    /// <see cref="NeedsAddress"/> is false.
    /// </param>
    /// <param name="loads">The connections of each worker, this one not counted.</param>
    /// <returns>
    /// The worker's index: 0 to <see cref="WorkerLoads.Count"/> - 1. For any other, and when this throws, the
    /// connection is closed and counted in <see cref="GainStatistics.RefusedByBalancer"/>.
    /// </returns>
    int Pick(GainAddress peer, WorkerLoads loads);
}
