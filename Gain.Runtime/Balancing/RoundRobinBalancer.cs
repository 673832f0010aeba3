namespace Gain;

/// <summary>
/// Picks one worker after the other: 0, 1, 2, and after the last one 0 again. The spread is even when
/// connections are alike. It looks neither at the client nor at the open connections.
/// </summary>
public struct RoundRobinBalancer : IBalancer
{
    private int _next;

    /// <inheritdoc/>
    public static bool NeedsAddress => false;

    /// <inheritdoc/>
    [AllocationFree]
    public int Pick(GainAddress peer, WorkerLoads loads)
    {
        int picked = _next;
        _next = picked + 1 < loads.Count ? picked + 1 : 0;
        return picked;
    }
}
