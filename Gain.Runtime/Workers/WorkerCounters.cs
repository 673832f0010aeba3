using Gain.CompilerServices;

namespace Gain.Workers;

/// <summary>What a worker counts. It alone writes; others read copies.</summary>
internal struct WorkerCounters
{
    public long Accepted;
    public long RefusedStopping;
    public long RefusedByLimit;
    public long RefusedByAddressLimit;
    public long RefusedByFilter;
    public long RefusedByBalancer;
    public long HandedOver;
    public long Closed;
    public long Connected;
    public long FailedConnects;
    public long BytesIn;
    public long BytesOut;
    public long BytesSpliced;
    public long Callbacks;
    public long HandlerFaults;
    public long EngineFaults;
    public long ProtocolErrors;
    public long SocketErrors;
    public long AcceptErrors;
    public long Starvations;
    public long StaleCompletions;
    public long BudgetRefusals;
    public long ExpiredHolds;
    public long FailedHandshakes;
    public long RejectedProxyHeaders;
    public long DroppedWrites;
    public long PausedMs;
    public long SlowTurns;
    public long LongestTurnMs;
    public long HeldBytes;
    public long RingOverflows;
    public long AllocatedBytes;
    public long DatagramsIn;
    public long DatagramsOut;
    public long TruncatedDatagrams;
    public long DroppedDatagrams;
    public long DatagramErrors;
    public long DialledDatagramSockets;

    /// <summary>What its pool counts; null where nothing is kept.</summary>
    public PoolCounters? Pool;

    /// <summary>Counts a connection that was not taken in.</summary>
    public void CountRefused(RefusalReason reason)
    {
        switch (reason)
        {
            case RefusalReason.Stopping:
                RefusedStopping++;
                break;
            case RefusalReason.ConnectionLimit:
                RefusedByLimit++;
                break;
            case RefusalReason.AddressLimit:
                RefusedByAddressLimit++;
                break;
            case RefusalReason.AddressFilter:
                RefusedByFilter++;
                break;
            case RefusalReason.HandshakeLimit:
                FailedHandshakes++;
                break;
            case RefusalReason.Balancer:
                RefusedByBalancer++;
                break;
            default:
                AcceptErrors++;
                break;
        }
    }

    /// <summary>
    /// Copies counters that another thread is writing: each is whole, together they may be torn.
    /// </summary>
    public static WorkerCounters Read(ref WorkerCounters counters) => new()
    {
        Accepted = Volatile.Read(ref counters.Accepted),
        RefusedStopping = Volatile.Read(ref counters.RefusedStopping),
        RefusedByLimit = Volatile.Read(ref counters.RefusedByLimit),
        RefusedByAddressLimit = Volatile.Read(ref counters.RefusedByAddressLimit),
        RefusedByFilter = Volatile.Read(ref counters.RefusedByFilter),
        RefusedByBalancer = Volatile.Read(ref counters.RefusedByBalancer),
        HandedOver = Volatile.Read(ref counters.HandedOver),
        Closed = Volatile.Read(ref counters.Closed),
        Connected = Volatile.Read(ref counters.Connected),
        FailedConnects = Volatile.Read(ref counters.FailedConnects),
        BytesIn = Volatile.Read(ref counters.BytesIn),
        BytesOut = Volatile.Read(ref counters.BytesOut),
        BytesSpliced = Volatile.Read(ref counters.BytesSpliced),
        Callbacks = Volatile.Read(ref counters.Callbacks),
        HandlerFaults = Volatile.Read(ref counters.HandlerFaults),
        EngineFaults = Volatile.Read(ref counters.EngineFaults),
        ProtocolErrors = Volatile.Read(ref counters.ProtocolErrors),
        SocketErrors = Volatile.Read(ref counters.SocketErrors),
        AcceptErrors = Volatile.Read(ref counters.AcceptErrors),
        Starvations = Volatile.Read(ref counters.Starvations),
        StaleCompletions = Volatile.Read(ref counters.StaleCompletions),
        BudgetRefusals = Volatile.Read(ref counters.BudgetRefusals),
        ExpiredHolds = Volatile.Read(ref counters.ExpiredHolds),
        FailedHandshakes = Volatile.Read(ref counters.FailedHandshakes),
        RejectedProxyHeaders = Volatile.Read(ref counters.RejectedProxyHeaders),
        PausedMs = Volatile.Read(ref counters.PausedMs),
        SlowTurns = Volatile.Read(ref counters.SlowTurns),
        LongestTurnMs = Volatile.Read(ref counters.LongestTurnMs),
        AllocatedBytes = Volatile.Read(ref counters.AllocatedBytes),
        DatagramsIn = Volatile.Read(ref counters.DatagramsIn),
        TruncatedDatagrams = Volatile.Read(ref counters.TruncatedDatagrams),
        DroppedDatagrams = Volatile.Read(ref counters.DroppedDatagrams),
        Pool = counters.Pool,
    };
}
