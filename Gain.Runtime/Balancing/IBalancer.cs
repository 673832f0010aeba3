namespace Gain;

/// <summary>
/// Picks the worker of each accepted connection, for <see cref="GainArchitecture.Reactor"/>. Implement it in
/// a struct. The acceptor keeps the only copy and calls it directly, on its own thread, so fields need no
/// lock. Every connection waits for it: it must not block, and should not allocate.
/// </summary>
public interface IBalancer
{
    /// <summary>
    /// Whether <see cref="Pick"/> looks at the peer's address. It must be a constant. When it is false, a
    /// connection costs the acceptor no system call except the accept. Default: true.
    /// </summary>
    static virtual bool NeedsAddress => true;

    /// <summary>Picks a worker. Called once for each connection, on the acceptor's thread.</summary>
    /// <param name="peer">
    /// The address of the client; <see cref="GainAddress.Unix"/> for a Unix socket, the default value when
    /// <see cref="NeedsAddress"/> is false.
    /// </param>
    /// <param name="loads">The connections of each worker, without this one.</param>
    /// <returns>
    /// The worker's index: 0 to <see cref="WorkerLoads.Count"/> - 1. When it is any other, or the method
    /// throws, the connection is closed and counted in <see cref="GainStatistics.RefusedByBalancer"/>.
    /// </returns>
    int Pick(GainAddress peer, WorkerLoads loads);
}
