using System.Diagnostics.Metrics;
using Gain.Proxy.Configuration;
using Gain.Proxy.Pools;
using Gain.Proxy.Status;

namespace Gain.Tests.Balancer;

/// <summary>The meter of examples/Proxy tells what its pools have counted.</summary>
public sealed class MeterTests
{
    private const string Down = "tcp://10.0.0.1:80";
    private const string Busy = "unix:///run/busy.sock";

    [Test]
    public void Meter_tells_of_each_backend_and_pool_and_of_pools_that_were_replaced()
    {
        var section = new PoolSection { Backends = [Down, Busy], Check = new CheckSection() };
        var pool = new Pool("main", section, before: null);
        var pools = new PoolSet { Pools = [pool] };
        Backend down = pool.Backends.Single(backend => backend.Name == Down);
        Backend busy = pool.Backends.Single(backend => backend.Name == Busy);
        down.Take();
        down.ReleaseFailed();
        down.NoteCheck(works: false, rise: 1, fall: 1);
        for (int i = 0; i < 3; i++)
        {
            busy.Take();
        }

        busy.Release();
        pool.CountRefused();
        pool.CountRefused();
        var values = new Dictionary<string, long>();
        using var metrics = new ProxyMetrics(pools);
        using MeterListener listener = Listen(values);
        listener.RecordObservableInstruments();
        Assert.That(values, Is.EquivalentTo(new Dictionary<string, long>
        {
            [$"gain.proxy.backend.up main {Down}"] = 0,
            [$"gain.proxy.backend.up main {Busy}"] = 1,
            [$"gain.proxy.backend.active main {Down}"] = 0,
            [$"gain.proxy.backend.active main {Busy}"] = 2,
            [$"gain.proxy.backend.connections main {Down}"] = 1,
            [$"gain.proxy.backend.connections main {Busy}"] = 3,
            [$"gain.proxy.backend.failed main {Down}"] = 1,
            [$"gain.proxy.backend.failed main {Busy}"] = 0,
            ["gain.proxy.pool.refused main"] = 2,
        }));

        // Another file names one of the two: it keeps its counts, and the other is told of no more.
        var after = new PoolSection { Backends = [Busy] };
        var next = new Pool("main", after, before: pool);
        next.TakeOver(pool);
        pools.Pools = [next];
        values.Clear();
        listener.RecordObservableInstruments();
        Assert.That(values, Has.Count.EqualTo(5));
        Assert.That(values[$"gain.proxy.backend.connections main {Busy}"], Is.EqualTo(3));
        Assert.That(values["gain.proxy.pool.refused main"], Is.EqualTo(2));
    }

    [Test]
    public void Every_instrument_is_in_the_table_of_its_page_and_has_a_description()
    {
        string page = SourceTree.Read("docs/proxy.md");
        var names = new List<string>();
        using var metrics = new ProxyMetrics(new PoolSet());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ProxyMetrics.MeterName)
                {
                    Assert.That(instrument.Description, Is.Not.Null.And.Not.Empty);
                    names.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        Assert.That(names, Has.Count.EqualTo(5));
        Assert.That(names.Select(name => $"| `{name}` |"), Has.All.Matches<string>(page.Contains));
    }

    private static MeterListener Listen(Dictionary<string, long> values)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ProxyMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            values[string.Join(' ', [instrument.Name, .. ValuesOf(tags)])] = value);
        listener.Start();
        return listener;
    }

    private static List<string> ValuesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new List<string>();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            values.Add($"{tag.Value}");
        }

        return values;
    }
}
