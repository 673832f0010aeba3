namespace Gain;

/// <summary>
/// One worker after the other: 0, 1, 2, and after the last one 0 again. Even where connections are alike;
/// looks neither at who connects nor at what is open.
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
