using System.Diagnostics;
using System.Net;

namespace Gain.Hosting;

/// <summary>
/// Makes a span of each connection whose handler says when it begins and ends: a service of
/// <see cref="GainTracesExtensions.AddGainTraces"/>, and a field of the handler's prototype. Workers write
/// to a queue and allocate nothing; another thread makes the spans. Any thread.
/// </summary>
public sealed class ConnectionTraces : IDisposable
{
    internal const int Capacity = 8_192;

    private readonly ActivitySource _source =
        new("Gain", typeof(ConnectionTraces).Assembly.GetName().Version?.ToString(3));

    private readonly TraceQueue _queue = new(Capacity);
    private long _dropped;

    internal ConnectionTraces()
    {
    }

    /// <summary>Spans that were not made, because too many connections closed within a second.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>A connection begins: for <c>OnAccept</c> or <c>OnConnect</c>.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>What <see cref="End"/> takes; the default value while nobody listens to the source.</returns>
    [AllocationFree]
    public ConnectionTrace Begin(Connection connection) => _source.HasListeners()
        ? new ConnectionTrace(DateTime.UtcNow.Ticks, connection.PeerAddress)
        : default;

    /// <summary>A connection has ended: for <c>OnClose</c>.</summary>
    /// <param name="trace">What <see cref="Begin"/> returned.</param>
    /// <param name="reason">Why.</param>
    [AllocationFree]
    public void End(ConnectionTrace trace, CloseReason reason)
    {
        if (trace.Began != 0 && !_queue.TryAdd(new EndedTrace(trace, DateTime.UtcNow.Ticks, reason)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Ends the source.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Makes the spans of what has ended. One thread at a time.</summary>
    internal void Write()
    {
        // A span of a connection is nobody's child.
        Activity.Current = null;
        while (_queue.TryTake(out EndedTrace ended))
        {
            Write(ended);
        }
    }

    private void Write(in EndedTrace ended)
    {
        using Activity? span = _source.StartActivity(
            "gain.connection",
            ActivityKind.Server,
            default(ActivityContext),
            startTime: new DateTimeOffset(ended.Trace.Began, TimeSpan.Zero));
        if (span is null)
        {
            return;
        }

        if (ended.Trace.Peer.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6)
        {
            IPEndPoint peer = ended.Trace.Peer.ToIPEndPoint();
            span.SetTag("client.address", peer.Address.ToString());
            span.SetTag("client.port", peer.Port);
        }

        span.SetTag("gain.close.reason", ended.Reason.ToString());
        if (!IsInOrder(ended.Reason))
        {
            span.SetStatus(ActivityStatusCode.Error, ended.Reason.ToString());
        }

        span.SetEndTime(new DateTime(ended.Ended, DateTimeKind.Utc));
    }

    private static bool IsInOrder(CloseReason reason) => reason is CloseReason.Local or CloseReason.PeerClosed
        or CloseReason.ServerStopped or CloseReason.LifetimeReached or CloseReason.Coupled;
}
