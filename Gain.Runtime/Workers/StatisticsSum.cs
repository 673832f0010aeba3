using Gain.CompilerServices;

namespace Gain.Workers;

/// <summary>Adds up what the threads of a server have counted.</summary>
internal static class StatisticsSum
{
    /// <summary>A sum, and one thread's counters more.</summary>
    public static GainStatistics Add(GainStatistics sum, WorkerCounters counters) => new()
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
    };
}
