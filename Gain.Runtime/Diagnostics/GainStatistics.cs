namespace Gain;

/// <summary>The counters of a server since its start, summed over all workers.</summary>
public readonly record struct GainStatistics
{
    /// <summary>Connections accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Connections closed right after the accept, for any of the reasons below.</summary>
    public long Refused =>
        RefusedByLimit + RefusedByAddressLimit + RefusedByFilter + RefusedByBalancer + RefusedStopping;

    /// <summary>
    /// Refused because there were <c>GainOptions.Limits.MaxConnections</c>, or
    /// <c>GainOptions.Limits.MaxConnectionsPerWorker</c> on one worker.
    /// </summary>
    public long RefusedByLimit { get; init; }

    /// <summary>
    /// Refused because the peer's address had <c>GainOptions.Limits.MaxConnectionsPerAddress</c>.
    /// </summary>
    public long RefusedByAddressLimit { get; init; }

    /// <summary>
    /// Refused by <c>GainOptions.Accepting.DeniedNetworks</c> or
    /// <c>GainOptions.Accepting.AllowedNetworks</c>.
    /// </summary>
    public long RefusedByFilter { get; init; }

    /// <summary>
    /// Refused because the balancer threw, or returned an index that no worker has: a fault of the balancer.
    /// </summary>
    public long RefusedByBalancer { get; init; }

    /// <summary>Refused because the server was stopping.</summary>
    public long RefusedStopping { get; init; }

    /// <summary>Connections that were handed to the worker that serves them by another thread.</summary>
    public long HandedOver { get; init; }

    /// <summary>
    /// Connections that were accepted and wait for a worker to take them, now. Under
    /// <see cref="GainArchitecture.Reactor"/> nothing else is accepted meanwhile.
    /// </summary>
    public long PendingHandOvers { get; init; }

    /// <summary>Connections that were dialled or rented, and came up.</summary>
    public long Connected { get; init; }

    /// <summary>Connections that were dialled and did not come up.</summary>
    public long FailedConnects { get; init; }

    /// <summary>Connections that are kept with <see cref="DialOptions.Pool"/> and unused, now.</summary>
    public long IdleConnections { get; init; }

    /// <summary>
    /// Connections that were dialled or rented with <see cref="DialOptions.Pool"/> and not given back, now;
    /// those included that are not up yet.
    /// </summary>
    public long RentedConnections { get; init; }

    /// <summary>Calls of <c>Rent</c> that got a connection that was kept.</summary>
    public long PoolHits { get; init; }

    /// <summary>Calls of <c>Rent</c> for which one was dialled.</summary>
    public long PoolMisses { get; init; }

    /// <summary>
    /// Kept connections that were closed because their peer ended them, or said what nobody had asked for;
    /// or because there was no receive buffer, and so nobody could know. When the number grows with
    /// <see cref="PoolHits"/>, make <see cref="PoolOptions.IdleTime"/> shorter than the peer's own.
    /// </summary>
    public long PoolClosedByPeer { get; init; }

    /// <summary>
    /// Kept connections that nobody needed for <see cref="PoolOptions.IdleTime"/>.
    /// </summary>
    public long PoolClosedByTime { get; init; }

    /// <summary>
    /// Kept connections that gave way to a newer one at <see cref="PoolOptions.MaxIdlePerTarget"/> or
    /// <see cref="PoolOptions.MaxIdle"/>.
    /// </summary>
    public long PoolClosedByLimit { get; init; }

    /// <summary>
    /// Kept connections that gave their place to another connection, at the limit on connections.
    /// </summary>
    public long PoolClosedForRoom { get; init; }

    /// <summary>Connections that reached <c>OnClose</c>, whether or not it is declared.</summary>
    public long Closed { get; init; }

    /// <summary>Bytes received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes that the kernel took for sending.</summary>
    public long BytesOut { get; init; }

    /// <summary>
    /// How many of <see cref="BytesOut"/> the kernel moved from one connection of a pair to the other: see
    /// <see cref="CouplingMode.Splice"/>.
    /// </summary>
    public long BytesSpliced { get; init; }

    /// <summary>Datagrams received, including those that a filter kept out.</summary>
    public long DatagramsIn { get; init; }

    /// <summary>Datagrams that the kernel took for sending.</summary>
    public long DatagramsOut { get; init; }

    /// <summary>
    /// Datagrams that were longer than <c>GainOptions.Datagrams.BufferBytes</c>, and were cut there.
    /// </summary>
    public long TruncatedDatagrams { get; init; }

    /// <summary>
    /// Datagrams that were not sent because there was no room: <c>GainOptions.Datagrams.MaxBacklogBytes</c>
    /// waited already, the peer's Unix socket was full, or the server's stop was over. Datagrams from the
    /// socket's own address count too: they are not delivered, because an echo would answer itself forever.
    /// </summary>
    public long DroppedDatagrams { get; init; }

    /// <summary>
    /// Datagrams that the kernel refused to send: no route, nobody bound to a Unix socket's name, and so on.
    /// </summary>
    public long DatagramErrors { get; init; }

    /// <summary>Sockets for datagrams that were dialled and have not ended. Of now, and no sum.</summary>
    public long DialledDatagramSockets { get; init; }

    /// <summary>Callbacks called.</summary>
    public long Callbacks { get; init; }

    /// <summary>Callbacks that threw.</summary>
    public long HandlerFaults { get; init; }

    /// <summary>
    /// Faults of Gain itself while it served a connection, which then ended with
    /// <see cref="CloseReason.EngineFault"/>. Anything but 0 is a defect of Gain: the log has the exception.
    /// </summary>
    public long EngineFaults { get; init; }

    /// <summary>Connections closed because the peer broke the declared framing.</summary>
    public long ProtocolErrors { get; init; }

    /// <summary>Unexpected errors of sockets, each of which closed its connection.</summary>
    public long SocketErrors { get; init; }

    /// <summary>Accepts that failed.</summary>
    public long AcceptErrors { get; init; }

    /// <summary>
    /// Receives that found no free buffer and waited for one. When the number grows steadily, raise
    /// <c>GainOptions.Buffers.ReceiveBufferCount</c>.
    /// </summary>
    public long Starvations { get; init; }

    /// <summary>Writes dropped by <see cref="SlowReaderPolicy.DropWrites"/>.</summary>
    public long DroppedWrites { get; init; }

    /// <summary>
    /// Connections closed because the server held <c>GainOptions.Limits.MaxBufferedBytes</c> already.
    /// </summary>
    public long BudgetRefusals { get; init; }

    /// <summary>
    /// Answers that were due (<see cref="Connection.Hold"/>) and that nobody sent or released within
    /// <c>GainOptions.Timeouts.Hold</c>: the program loses them somewhere.
    /// </summary>
    public long ExpiredHolds { get; init; }

    /// <summary>
    /// Accepted connections that ended before their TLS handshake was complete, other than by a stop. They
    /// get neither <c>OnAccept</c> nor <c>OnClose</c>.
    /// </summary>
    public long FailedHandshakes { get; init; }

    /// <summary>
    /// Connections of trusted load balancers that were closed because their PROXY header was missing, wrong
    /// or late: <see cref="ProxyProtocolOptions"/>.
    /// </summary>
    public long RejectedProxyHeaders { get; init; }

    /// <summary>
    /// The total time that connections did not read because their peers did not. The time of a connection is
    /// added when it reads on or ends.
    /// </summary>
    public TimeSpan PausedTime { get; init; }

    /// <summary>
    /// Turns of workers that lasted longer than <c>GainOptions.SlowTurnWarning</c>, because a callback
    /// blocked or computed for long.
    /// </summary>
    public long SlowTurns { get; init; }

    /// <summary>
    /// Bytes of memory that hold unsent output now. They count in segments of 16 KiB, so a connection with
    /// one byte counts 16 KiB.
    /// </summary>
    public long HeldOutboundBytes { get; init; }

    /// <summary>
    /// Bytes of native memory that the server has reserved now for output and for unfinished input; at most
    /// <c>GainOptions.Limits.MaxBufferedBytes</c>.
    /// </summary>
    public long BufferedBytes { get; init; }

    /// <summary>
    /// Times that completions did not fit into a ring's queue and waited in the kernel. Nothing is lost, but
    /// accepts and receives have to be armed again. When the number grows steadily, raise
    /// <c>GainOptions.Buffers.RingEntries</c>.
    /// </summary>
    public long RingOverflows { get; init; }

    /// <summary>
    /// Messages that the logger lost, because it threw. For the logger of standard error: messages that it
    /// had no room for, because nobody read the earlier ones.
    /// </summary>
    public long LostMessages { get; init; }

    /// <summary>
    /// Managed bytes that the workers' threads have allocated in their loops. 0 for handlers that do not
    /// allocate. Exact once a worker has stopped; until then 0.
    /// </summary>
    public long AllocatedBytes { get; init; }
}
