namespace Gain;

/// <summary>
/// Picks the worker with the fewest connections, and of several the lowest index. The spread is even also
/// when connections last for different times. Each pick reads one number of every worker.
/// </summary>
public readonly struct LeastConnectionsBalancer : IBalancer
{
    /// <inheritdoc/>
    public static bool NeedsAddress => false;

    /// <inheritdoc/>
    [AllocationFree]
    public int Pick(GainAddress peer, WorkerLoads loads) => loads.FindLeastLoaded();
}
