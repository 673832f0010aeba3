namespace Gain;

/// <summary>
/// The worker with the fewest connections, of several the lowest index. Even where connections last for
/// different times; reads one number of each worker for every connection.
/// </summary>
public readonly struct LeastConnectionsBalancer : IBalancer
{
    /// <inheritdoc/>
    public static bool NeedsAddress => false;

    /// <inheritdoc/>
    [AllocationFree]
    public int Pick(GainAddress peer, WorkerLoads loads) => loads.FindLeastLoaded();
}
