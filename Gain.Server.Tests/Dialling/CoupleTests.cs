using System.Net;
using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>Two connections as one, over real sockets.</summary>
public class CoupleTests(GainRing ring) : ServerTest(ring)
{
    private static readonly GainArchitecture[] s_architectures =
        [GainArchitecture.Sharding, GainArchitecture.Reactor];

    // More than the sockets of both ends hold, so that each side has to wait for the other.
    private static readonly byte[] s_up = Clients.Pattern(20_000_000, 1);
    private static readonly byte[] s_down = Clients.Pattern(17_000_000, 2);

    private GainServer StartRelay(
        Journal? journal, Socket listener, bool atOnce, GainArchitecture architecture = default)
    {
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        return Start(
            GainServer.Listen(new Relay(journal, target, atOnce), Address).Dial(new RelayEnd(journal)),
            new GainOptions
            {
                Architecture = architecture,
                WorkerCount = 2,
                Limits = { OutboundHighWatermarkBytes = 100_000, OutboundLowWatermarkBytes = 30_000 },
            });
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task All_bytes_go_both_ways_and_each_end_is_passed_on(GainArchitecture architecture)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRelay(journal, listener, atOnce: true, architecture);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Task sentUp = Clients.SendToEndAsync(client, s_up);
        byte[] gotUp = await Clients.ReceiveToEndAsync(upstream);
        await sentUp;
        Assert.That(gotUp.AsSpan().SequenceEqual(s_up), "what the client sent");
        Task sentDown = Clients.SendToEndAsync(upstream, s_down);
        byte[] gotDown = await Clients.ReceiveToEndAsync(client);
        await sentDown;
        Assert.That(gotDown.AsSpan().SequenceEqual(s_down), "what the upstream sent");
        string[] entries = await journal.AwaitAsync(2);
        Assert.That(entries, Is.EquivalentTo(new[] { "close PeerClosed", "other closed PeerClosed" }));
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That(statistics.DroppedWrites, Is.Zero);
    }

    [Test]
    public async Task What_a_handler_has_left_goes_on_first()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRelay(journal, listener, atOnce: false);
        using Socket client = await Clients.ConnectAsync(server);
        await client.SendAsync("head\nbody"u8.ToArray());
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("body"u8.ToArray()));
        await client.SendAsync("more"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("more"u8.ToArray()));
        Assert.That(journal.Entries, Is.EqualTo(new[] { "read 5" }));
    }

    [Test]
    public async Task Reset_is_passed_on_as_one()
    {
        RequireTcp("Unix sockets have no reset");
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRelay(journal, listener, atOnce: true);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        await client.SendAsync("ping"u8.ToArray());
        await Clients.ReceiveExactlyAsync(upstream, 4);
        Clients.Reset(upstream);
        var reset = Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(client))!;
        Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(
            await journal.AwaitAsync(2),
            Is.EquivalentTo(new[] { "other closed Reset", "close Coupled" }));
    }

    [Test]
    public async Task Failed_dial_closes_the_connection_that_was_coupled_with_it()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRelay(journal, listener, atOnce: true);
        listener.Close();
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(new[] { "failed Refused", "close Coupled" }));
    }

    [Test]
    public async Task Pair_that_cannot_be_is_refused_with_the_way_out()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(
            GainServer.Listen(new Mismatched(journal, target), Address).Dial(new RelayEnd(null)));
        using Socket client = await Clients.ConnectAsync(server);
        string[] entries = await journal.AwaitAsync(2);
        Assert.That(entries[0], Does.Contain("coupled with itself"));
        Assert.That(entries[1], Does.Contain("is coupled already"));
    }

    [Test]
    public async Task Relayed_bytes_allocate_nothing_on_the_worker()
    {
        // As for dials: the JIT compiler allocates some kilobytes at moments of its own.
        await RelayAsync();
        Assert.That(await RelayAsync(), Is.LessThan(50_000));
    }

    private async Task<long> RelayAsync()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(null, listener, atOnce: true);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Task sent = Clients.SendToEndAsync(client, s_up);
        Assert.That(await Clients.ReceiveToEndAsync(upstream), Has.Length.EqualTo(s_up.Length));
        await sent;
        upstream.Shutdown(SocketShutdown.Send);
        await Clients.ReceiveToEndAsync(client);
        await server.StopAsync().WaitAsync(Clients.Patience);
        return server.Statistics.AllocatedBytes;
    }
}
