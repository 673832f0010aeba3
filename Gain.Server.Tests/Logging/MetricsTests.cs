using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Gain.Tests.Server.Dialling;

namespace Gain.Tests.Server;

public class MetricsTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Meter_tells_what_the_server_has_counted()
    {
        var values = new ConcurrentDictionary<string, double>();
        using MeterListener listener = Listen(values);
        GainServer server = Start(
            new EchoProtocol(), new GainOptions { WorkerCount = 1, Limits = { MaxConnections = 1 } });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[100]);
        await Clients.ReceiveExactlyAsync(client, 100);
        using Socket refused = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(refused), Is.Empty);

        // Counted when the worker's turn is over, and the next one has begun when it answers again.
        await Clients.SendAllAsync(client, new byte[1]);
        await Clients.ReceiveExactlyAsync(client, 1);
        listener.RecordObservableInstruments();
        Assert.Multiple(() =>
        {
            Assert.That(values["gain.connections.active"], Is.EqualTo(1));
            Assert.That(values["gain.connections.accepted"], Is.EqualTo(1));
            Assert.That(values["gain.connections.refused connection_limit"], Is.EqualTo(1));
            Assert.That(values["gain.connections.refused address_filter"], Is.Zero);
            Assert.That(values["gain.bytes.received"], Is.EqualTo(101));
            Assert.That(values["gain.bytes.sent"], Is.AtLeast(100));
            Assert.That(values["gain.callbacks.faults"], Is.Zero);
            Assert.That(values["gain.memory.buffered"], Is.Positive);
        });
    }

    [Test]
    public async Task Every_instrument_has_a_value_a_unit_and_a_description_and_is_gone_with_its_server()
    {
        var values = new ConcurrentDictionary<string, double>();
        using MeterListener listener = Listen(values);
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        listener.RecordObservableInstruments();
        Assert.That(values, Has.Count.EqualTo(47));
        Assert.That(values.Values, Has.All.AtLeast(0));
        await server.StopAsync().WaitAsync(Clients.Patience);
        values.Clear();
        listener.RecordObservableInstruments();
        Assert.That(values, Is.Empty);
    }

    [Test]
    public async Task Meter_tells_of_connections_that_are_dialled_and_kept()
    {
        var values = new ConcurrentDictionary<string, double>();
        using MeterListener listener = Listen(values);
        using Socket target = Upstreams.Listen();
        var journal = new Journal();
        var outgoing = new Borrowed(journal, "ping");
        GainServer server = Start(
            GainServer
                .Listen(new Renting(outgoing, Upstreams.TargetOf(target)), "tcp://127.0.0.1:0")
                .Dial(outgoing, new DialOptions { Pool = new PoolOptions() }),
            new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "q"u8.ToArray());
        using Socket upstream = await Upstreams.AcceptAsync(target);
        await Clients.ReceiveExactlyAsync(upstream, 4);
        listener.RecordObservableInstruments();
        Assert.That(values["gain.pool.rented"], Is.EqualTo(1));
        await Clients.SendAllAsync(upstream, "pong"u8.ToArray());
        await journal.AwaitAsync(3);
        await Clients.SendAllAsync(client, "qq"u8.ToArray());
        using Socket second = await Upstreams.AcceptAsync(target);
        await journal.AwaitAsync(entry => entry == "connect", 3);
        upstream.Close();
        await journal.AwaitAsync(entry => entry.StartsWith("close", StringComparison.Ordinal), 2);
        await Clients.SendAllAsync(second, "pong"u8.ToArray());
        await journal.AwaitAsync(entry => entry == "close Returned", 2);
        await Upstreams.AwaitLoadAsync(server, 2);
        listener.RecordObservableInstruments();
        (string Name, int Value)[] expected =
        [
            ("gain.connections.active", 1), ("gain.connects", 3), ("gain.connects.failed", 0),
            ("gain.pool.idle", 1), ("gain.pool.rented", 0), ("gain.pool.hits", 1), ("gain.pool.misses", 2),
            ("gain.pool.closed peer", 0), ("gain.pool.closed idle_time", 0),
            ("gain.pool.closed pool_limit", 0), ("gain.pool.closed room", 0),
        ];
        Assert.That(expected.Select(one => (one.Name, values[one.Name])), Is.EqualTo(expected));
    }

    private static MeterListener Listen(ConcurrentDictionary<string, double> values)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Gain")
                {
                    Assert.That(instrument.Unit, Is.Not.Null.And.Not.Empty);
                    Assert.That(instrument.Description, Does.EndWith("."));
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            values[NameOf(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            values[NameOf(instrument, tags)] = value);
        listener.Start();
        return listener;
    }

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.That(tags[^1].Key, Is.EqualTo("server.address"));
        Assert.That($"{tags[^1].Value}", Does.StartWith("tcp://127.0.0.1:"));
        return tags.Length == 1 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
    }
}
