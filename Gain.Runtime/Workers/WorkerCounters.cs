namespace Gain.Workers;

/// <summary>What a worker counts. It alone writes; others read copies.</summary>
internal struct WorkerCounters
{
    public long Accepted;
    public long Refused;
    public long Closed;
    public long BytesIn;
    public long BytesOut;
    public long Callbacks;
    public long HandlerFaults;
    public long ProtocolErrors;
    public long SocketErrors;
    public long AcceptErrors;
    public long Starvations;
    public long StaleCompletions;
    public long AllocatedBytes;

    /// <summary>
    /// Copies counters that another thread is writing: each is whole, together they may be torn.
    /// </summary>
    public static WorkerCounters Read(ref WorkerCounters counters) => new()
    {
        Accepted = Volatile.Read(ref counters.Accepted),
        Refused = Volatile.Read(ref counters.Refused),
        Closed = Volatile.Read(ref counters.Closed),
        BytesIn = Volatile.Read(ref counters.BytesIn),
        BytesOut = Volatile.Read(ref counters.BytesOut),
        Callbacks = Volatile.Read(ref counters.Callbacks),
        HandlerFaults = Volatile.Read(ref counters.HandlerFaults),
        ProtocolErrors = Volatile.Read(ref counters.ProtocolErrors),
        SocketErrors = Volatile.Read(ref counters.SocketErrors),
        AcceptErrors = Volatile.Read(ref counters.AcceptErrors),
        Starvations = Volatile.Read(ref counters.Starvations),
        StaleCompletions = Volatile.Read(ref counters.StaleCompletions),
        AllocatedBytes = Volatile.Read(ref counters.AllocatedBytes),
    };
}
