using Gain.CompilerServices;

namespace Gain.Workers;

/// <summary>Adds up what the threads of a server have counted.</summary>
internal static class StatisticsSum
{
    /// <summary>A sum, and one thread's counters more.</summary>
    public static GainStatistics Add(GainStatistics sum, WorkerCounters counters) =>
        AddPool(AddOwn(sum, counters), counters.Pool);

    private static GainStatistics AddOwn(GainStatistics sum, WorkerCounters counters) => sum with
    {
        Accepted = sum.Accepted + counters.Accepted,
        RefusedByLimit = sum.RefusedByLimit + counters.RefusedByLimit,
        RefusedByAddressLimit = sum.RefusedByAddressLimit + counters.RefusedByAddressLimit,
        RefusedByFilter = sum.RefusedByFilter + counters.RefusedByFilter,
        RefusedByBalancer = sum.RefusedByBalancer + counters.RefusedByBalancer,
        HandedOver = sum.HandedOver + counters.HandedOver,
        RefusedStopping = sum.RefusedStopping + counters.RefusedStopping,
        Closed = sum.Closed + counters.Closed,
        Connected = sum.Connected + counters.Connected,
        FailedConnects = sum.FailedConnects + counters.FailedConnects,
        BytesIn = sum.BytesIn + counters.BytesIn,
        BytesOut = sum.BytesOut + counters.BytesOut,
        BytesSpliced = sum.BytesSpliced + counters.BytesSpliced,
        Callbacks = sum.Callbacks + counters.Callbacks,
        HandlerFaults = sum.HandlerFaults + counters.HandlerFaults,
        EngineFaults = sum.EngineFaults + counters.EngineFaults,
        ProtocolErrors = sum.ProtocolErrors + counters.ProtocolErrors,
        SocketErrors = sum.SocketErrors + counters.SocketErrors,
        AcceptErrors = sum.AcceptErrors + counters.AcceptErrors,
        DroppedWrites = sum.DroppedWrites + counters.DroppedWrites,
        ExpiredHolds = sum.ExpiredHolds + counters.ExpiredHolds,
        FailedHandshakes = sum.FailedHandshakes + counters.FailedHandshakes,
        RejectedProxyHeaders = sum.RejectedProxyHeaders + counters.RejectedProxyHeaders,
        BudgetRefusals = sum.BudgetRefusals + counters.BudgetRefusals,
        RingOverflows = sum.RingOverflows + counters.RingOverflows,
        SlowTurns = sum.SlowTurns + counters.SlowTurns,
        PausedTime = sum.PausedTime + TimeSpan.FromMilliseconds(counters.PausedMs),
        HeldOutboundBytes = sum.HeldOutboundBytes + counters.HeldBytes,
        Starvations = sum.Starvations + counters.Starvations,
        AllocatedBytes = sum.AllocatedBytes + counters.AllocatedBytes,
        DatagramsIn = sum.DatagramsIn + counters.DatagramsIn,
        DatagramsOut = sum.DatagramsOut + counters.DatagramsOut,
        TruncatedDatagrams = sum.TruncatedDatagrams + counters.TruncatedDatagrams,
        DroppedDatagrams = sum.DroppedDatagrams + counters.DroppedDatagrams,
        DatagramErrors = sum.DatagramErrors + counters.DatagramErrors,
        DialledDatagramSockets = sum.DialledDatagramSockets + counters.DialledDatagramSockets,
    };

    private static GainStatistics AddPool(GainStatistics sum, PoolCounters? pool) => pool is null
        ? sum
        : sum with
        {
            IdleConnections = sum.IdleConnections + Volatile.Read(ref pool.Idle),
            RentedConnections = sum.RentedConnections + Volatile.Read(ref pool.Rented),
            PoolHits = sum.PoolHits + Volatile.Read(ref pool.Hits),
            PoolMisses = sum.PoolMisses + Volatile.Read(ref pool.Misses),
            PoolClosedByPeer = sum.PoolClosedByPeer + Volatile.Read(ref pool.ClosedByPeer),
            PoolClosedByTime = sum.PoolClosedByTime + Volatile.Read(ref pool.ClosedByTime),
            PoolClosedByLimit = sum.PoolClosedByLimit + Volatile.Read(ref pool.ClosedByLimit),
            PoolClosedForRoom = sum.PoolClosedForRoom + Volatile.Read(ref pool.ClosedForRoom),
        };
}
