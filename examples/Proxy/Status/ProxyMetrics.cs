using System.Diagnostics.Metrics;
using Gain.Proxy.Pools;

namespace Gain.Proxy.Status;

/// <summary>The meter <c>Gain.Proxy</c>: what the pools count, for any collector.</summary>
internal sealed class ProxyMetrics : IDisposable
{
    public const string MeterName = "Gain.Proxy";

    private readonly Meter _meter = new(MeterName);

    public ProxyMetrics(PoolSet pools)
    {
        _meter.CreateObservableGauge(
            "gain.proxy.backend.up",
            () => Of(pools, backend => backend.IsUp ? 1L : 0),
            description: "Whether a backend is led to: 1 or 0");
        _meter.CreateObservableUpDownCounter(
            "gain.proxy.backend.active",
            () => Of(pools, backend => (long)backend.Active),
            "{connection}",
            "Connections to a backend that are open, or being opened");
        _meter.CreateObservableCounter(
            "gain.proxy.backend.connections",
            () => Of(pools, backend => backend.Total),
            "{connection}",
            "Connections that were led to a backend");
        _meter.CreateObservableCounter(
            "gain.proxy.backend.failed",
            () => Of(pools, backend => backend.Failed),
            "{connection}",
            "Connections to a backend that did not come up");
        _meter.CreateObservableCounter(
            "gain.proxy.pool.refused",
            () => pools.Pools.Select(pool => new Measurement<long>(
                pool.Refused, new KeyValuePair<string, object?>("pool", pool.Name))),
            "{connection}",
            "Clients that no backend of a pool could be found for");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Of(PoolSet pools, Func<Backend, long> count) =>
        from pool in pools.Pools
        from backend in pool.Backends
        select new Measurement<long>(
            count(backend),
            new KeyValuePair<string, object?>("pool", pool.Name),
            new KeyValuePair<string, object?>("backend", backend.Name));
}
