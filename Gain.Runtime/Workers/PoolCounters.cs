namespace Gain.Workers;

/// <summary>What a worker's pool counts. The worker alone writes; others may read each at any time.</summary>
internal sealed class PoolCounters
{
    /// <summary>Connections that are kept now.</summary>
    public long Idle;

    /// <summary>Connections that may be kept, and are somebody's now.</summary>
    public long Rented;

    /// <summary>Rents that got a connection that was kept.</summary>
    public long Hits;

    /// <summary>Rents that had to dial.</summary>
    public long Misses;

    /// <summary>Kept ones whose peer ended or spoke, or of which that could not be known.</summary>
    public long ClosedByPeer;

    /// <summary>Kept ones that nobody needed for too long.</summary>
    public long ClosedByTime;

    /// <summary>Kept ones that a newer one has replaced.</summary>
    public long ClosedByLimit;

    /// <summary>Kept ones that gave their place to another connection.</summary>
    public long ClosedForRoom;

    /// <summary>Counts one that is closed instead of being rented.</summary>
    public void CountClosed(PoolEnd end)
    {
        switch (end)
        {
            case PoolEnd.Peer:
                ClosedByPeer++;
                break;
            case PoolEnd.Limit:
                ClosedByLimit++;
                break;
            case PoolEnd.Room:
                ClosedForRoom++;
                break;
            default:
                ClosedByTime++;
                break;
        }
    }
}
