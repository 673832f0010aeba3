using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;

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
        Assert.That(values, Has.Count.EqualTo(35));
        Assert.That(values.Values, Has.All.AtLeast(0));
        await server.StopAsync().WaitAsync(Clients.Patience);
        values.Clear();
        listener.RecordObservableInstruments();
        Assert.That(values, Is.Empty);
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
