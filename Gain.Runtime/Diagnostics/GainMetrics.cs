using System.Diagnostics.Metrics;

namespace Gain;

/// <summary>
/// The meter <c>Gain</c> of one server. An instrument reads the workers' counters only when somebody observes
/// it, so without a listener it costs nothing.
/// </summary>
internal sealed class GainMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Gain";

    private readonly Meter _meter;
    private readonly Func<GainStatistics> _read;

    // Of each value, and not of the meter: exporters put all meters of one name into one scope, and say the
    // tags of the first.
    private readonly KeyValuePair<string, object?> _address;

    /// <param name="address">Where the server listens: each value's tag <c>server.address</c>.</param>
    /// <param name="read">Reads what the server has counted.</param>
    /// <param name="takeLongestTurnMs">Reads the longest turn since it was last called.</param>
    /// <param name="factory">
    /// Makes the meter, and ends it; null for a meter that ends with the server.
    /// </param>
    public GainMetrics(
        string address,
        Func<GainStatistics> read,
        Func<long> takeLongestTurnMs,
        IMeterFactory? factory = null)
    {
        _read = read;
        _address = new("server.address", address);
        string? version = typeof(GainMetrics).Assembly.GetName().Version?.ToString(3);
        var options = new MeterOptions(Name) { Version = version };
        _meter = factory is null ? new Meter(options) : factory.Create(options);
        AddConnections();
        AddDials();
        AddHandOvers();
        AddTraffic();
        AddFaults();
        AddPressure();
        _meter.CreateObservableGauge(
            "gain.loop.lag",
            () => Of(takeLongestTurnMs() / 1_000.0),
            "s",
            "The longest turn of a worker since the last observation, for which its connections waited.");
    }

    public void Dispose() => _meter.Dispose();

    private void AddConnections()
    {
        _meter.CreateObservableUpDownCounter(
            "gain.connections.active",
            () => Of(CountActive(_read())),
            "{connection}",
            "Connections between OnAccept or OnConnect and OnClose.");
        Count("gain.connections.accepted", "{connection}", "Connections accepted.", s => s.Accepted);
        Count("gain.connections.closed", "{connection}", "Connections closed.", s => s.Closed);
        _meter.CreateObservableCounter(
            "gain.connections.refused",
            ReadRefused,
            "{connection}",
            "Connections closed right after the accept, by reason.");
    }

    private static long CountActive(GainStatistics read) => read.Accepted + read.Connected - read.Closed;

    private void AddDials()
    {
        Count(
            "gain.connects",
            "{connection}",
            "Connections dialled or rented that came up.",
            s => s.Connected);
        Count(
            "gain.connects.failed",
            "{connection}",
            "Connections dialled that did not come up.",
            s => s.FailedConnects);
        _meter.CreateObservableUpDownCounter(
            "gain.pool.idle",
            () => Of(_read().IdleConnections),
            "{connection}",
            "Connections kept for later.");
        _meter.CreateObservableUpDownCounter(
            "gain.pool.rented",
            () => Of(_read().RentedConnections),
            "{connection}",
            "Connections in use that may be given back.");
        Count("gain.pool.hits", "{rent}", "Rents that got a kept connection.", s => s.PoolHits);
        Count("gain.pool.misses", "{rent}", "Rents that dialled.", s => s.PoolMisses);
        _meter.CreateObservableCounter(
            "gain.pool.closed", ReadPoolClosed, "{connection}", "Kept connections closed, by reason.");
    }

    private IEnumerable<Measurement<long>> ReadPoolClosed()
    {
        GainStatistics read = _read();
        return
        [
            OfReason(read.PoolClosedByPeer, "peer"),
            OfReason(read.PoolClosedByTime, "idle_time"),
            OfReason(read.PoolClosedByLimit, "pool_limit"),
            OfReason(read.PoolClosedForRoom, "room"),
        ];
    }

    private void AddHandOvers()
    {
        Count(
            "gain.connections.handed_over",
            "{connection}",
            "Connections handed to the worker that serves them by another thread.",
            s => s.HandedOver);
        _meter.CreateObservableUpDownCounter(
            "gain.connections.pending",
            () => Of(_read().PendingHandOvers),
            "{connection}",
            "Connections accepted that wait for a worker to take them.");
    }

    private void AddTraffic()
    {
        Count("gain.bytes.received", "By", "Bytes received.", s => s.BytesIn);
        Count("gain.bytes.sent", "By", "Bytes that the kernel took for sending.", s => s.BytesOut);
        Count("gain.bytes.spliced", "By", "Those that it moved between connections.", s => s.BytesSpliced);
        Count("gain.datagrams.received", "{datagram}", "Datagrams received.", s => s.DatagramsIn);
        Count(
            "gain.datagrams.sent",
            "{datagram}",
            "Datagrams that the kernel took for sending.",
            s => s.DatagramsOut);
        _meter.CreateObservableUpDownCounter(
            "gain.datagrams.dialled",
            () => Of(_read().DialledDatagramSockets),
            "{socket}",
            "Sockets for datagrams that were dialled and have not ended.");
        Count("gain.callbacks", "{call}", "Callbacks called.", s => s.Callbacks);
    }

    private void AddFaults()
    {
        Count("gain.callbacks.faults", "{call}", "Callbacks that threw.", s => s.HandlerFaults);
        Count("gain.engine.faults", "{fault}", "Faults of Gain itself.", s => s.EngineFaults);
        Count(
            "gain.handshakes.failed", "{connection}", "Connections without OnAccept, as TLS was not set up.",
            s => s.FailedHandshakes);
        Count(
            "gain.proxy.headers.rejected",
            "{connection}",
            "Connections closed because their PROXY header was missing, wrong or late.",
            s => s.RejectedProxyHeaders);
        Count("gain.holds.expired", "{answer}", "Answers that never came.", s => s.ExpiredHolds);
        Count("gain.protocol.errors", "{error}", "Violations of the framing.", s => s.ProtocolErrors);
        Count("gain.socket.errors", "{error}", "Unexpected errors of sockets.", s => s.SocketErrors);
        Count("gain.accept.errors", "{error}", "Accepts that failed.", s => s.AcceptErrors);
        Count(
            "gain.datagrams.errors",
            "{datagram}",
            "Datagrams that the kernel refused to send.",
            s => s.DatagramErrors);
        Count("gain.turns.slow", "{turn}", "Turns longer than SlowTurnWarning.", s => s.SlowTurns);
    }

    private void AddPressure()
    {
        Count(
            "gain.receive.starvations",
            "{receive}",
            "Receives that found no free buffer (ENOBUFS) and waited for one.",
            s => s.Starvations);
        Count(
            "gain.ring.overflows",
            "{overflow}",
            "Times that completions did not fit into a ring's queue and waited in the kernel.",
            s => s.RingOverflows);
        Count(
            "gain.datagrams.truncated",
            "{datagram}",
            "Datagrams longer than Datagrams.BufferBytes.",
            s => s.TruncatedDatagrams);
        Count(
            "gain.datagrams.dropped",
            "{datagram}",
            "Datagrams that were not sent because there was no room.",
            s => s.DroppedDatagrams);
        Count("gain.writes.dropped", "{write}", "Writes dropped for slow readers.", s => s.DroppedWrites);
        Count(
            "gain.budget.refusals",
            "{connection}",
            "Connections closed because the server's memory budget was used up.",
            s => s.BudgetRefusals);
        _meter.CreateObservableCounter(
            "gain.reading.paused",
            () => Of(_read().PausedTime.TotalSeconds),
            "s",
            "The time that connections did not read because their peers did not.");
        _meter.CreateObservableUpDownCounter(
            "gain.outbound.held",
            () => Of(_read().HeldOutboundBytes),
            "By",
            "Memory that holds unsent output, in segments of 16 KiB.");
        _meter.CreateObservableUpDownCounter(
            "gain.memory.buffered",
            () => Of(_read().BufferedBytes),
            "By",
            "Native memory reserved for output and for unfinished input.");
    }

    private void Count(string name, string unit, string what, Func<GainStatistics, long> value) =>
        _meter.CreateObservableCounter(name, () => Of(value(_read())), unit, what);

    private Measurement<T> Of<T>(T value)
        where T : struct => new(value, _address);

    private IEnumerable<Measurement<long>> ReadRefused()
    {
        GainStatistics read = _read();
        return
        [
            OfReason(read.RefusedByLimit, "connection_limit"),
            OfReason(read.RefusedByAddressLimit, "address_limit"),
            OfReason(read.RefusedByFilter, "address_filter"),
            OfReason(read.RefusedByBalancer, "balancer"),
            OfReason(read.RefusedStopping, "stopping"),
        ];
    }

    private Measurement<long> OfReason(long refused, string reason) =>
        new(refused, new KeyValuePair<string, object?>("reason", reason), _address);
}
