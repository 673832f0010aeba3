using System.Net;
using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>Connections that are dialled again, over real sockets.</summary>
public class RedialTests(GainRing ring) : ServerTest(ring)
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(20);

    private static DialOptions Options(double firstMs = 1, double maxMs = 4, double jitter = 0) => new()
    {
        Redial = new RedialOptions
        {
            FirstDelay = TimeSpan.FromMilliseconds(firstMs),
            MaxDelay = TimeSpan.FromMilliseconds(maxMs),
            Jitter = jitter,
        },
    };

    // It waits for longer than any test: whoever comes to its end was not waited for.
    private static DialOptions Waiting() => new()
    {
        Redial = new RedialOptions { FirstDelay = s_never, MaxDelay = s_never, Jitter = 0 },
    };

    private GainServer StartDialling(
        Journal journal, DialTarget target, DialOptions options, ReturningStep step = ReturningStep.None)
    {
        var outgoing = new Returning(journal, step);
        return Start(
            GainServer.Listen(new Dialling(outgoing, target), "tcp://127.0.0.1:0").Dial(outgoing, options),
            new GainOptions { WorkerCount = 1 });
    }

    [Test]
    public async Task Refused_dial_is_repeated_with_growing_delays_until_somebody_listens()
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        GainServer server = StartDialling(journal, TargetOf(upstream), Options());
        using Socket client = await Clients.ConnectAsync(server);
        string[] entries = await journal.AwaitAsync(4);
        Assert.That(entries[..4], Is.EqualTo(new[]
        {
            "failed Refused 0 1", "failed Refused 0 2", "failed Refused 0 4", "failed Refused 0 4",
        }));
        upstream.Listen(16);
        using Socket accepted = await AcceptAsync(upstream);
        Assert.That((await journal.AwaitAsync(Connects, 1))[^1], Is.EqualTo("connect 0"));
    }

    private static bool Connects(string entry) => entry.StartsWith("connect", StringComparison.Ordinal);

    [Test]
    public async Task Connection_that_the_peer_has_ended_comes_again_with_a_copy_of_its_first_handler(
        [Values] bool resets)
    {
        var journal = new Journal();
        using Socket upstream = Listen();
        // On a busy machine it is up for longer than a short limit, which begins the delays anew.
        GainServer server = StartDialling(
            journal, TargetOf(upstream), Options(firstMs: 2, maxMs: s_never.TotalMilliseconds));
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 0; i < 3; i++)
        {
            using Socket accepted = await AcceptAsync(upstream);
            await accepted.SendAsync("x"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(accepted, 1), Is.EqualTo("x"u8.ToArray()));
            accepted.LingerState = new LingerOption(resets, 0);
        }

        string reason = resets ? "Reset" : "PeerClosed";
        Assert.That((await journal.AwaitAsync(6))[..6], Is.EqualTo(new[]
        {
            "connect 0", $"close {reason} 2 2",
            "connect 0", $"close {reason} 2 4",
            "connect 0", $"close {reason} 2 8",
        }));
    }

    [Test]
    public async Task Delay_begins_anew_after_a_connection_that_was_up_for_longer_than_the_longest()
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        GainServer server = StartDialling(
            journal, TargetOf(upstream), Options(), ReturningStep.TellWhenHeld);
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(entry => entry == "failed Refused 0 4", 1);
        upstream.Listen(16);
        using (await AcceptAsync(upstream))
        {
            await journal.AwaitAsync(entry => entry == "held", 1);
        }

        string[] closes = await journal.AwaitAsync(Closes, 1);
        Assert.That(closes.First(Closes), Is.EqualTo("close PeerClosed 1 1"));
    }

    private static bool Closes(string entry) => entry.StartsWith("close", StringComparison.Ordinal);

    [Test]
    public async Task Want_of_a_local_port_is_waited_out_with_growing_delays()
    {
        var journal = new Journal();
        using Socket upstream = Listen();
        DialOptions options = Options();
        options.LocalPorts = DialOptionsTests.RangeOfTwo();
        GainServer server = StartDialling(journal, TargetOf(upstream), options);
        var clients = new List<Socket>();
        while (clients.Count < 3 && !journal.Entries.Any(LacksPort))
        {
            clients.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(entry => Connects(entry) || entry == "failed NoPort 0 1", clients.Count);
        }

        string[] failures = (await journal.AwaitAsync(LacksPort, 4)).Where(LacksPort).ToArray();
        Assert.That(failures[..4], Is.EqualTo(new[]
        {
            "failed NoPort 0 1", "failed NoPort 0 2", "failed NoPort 0 4", "failed NoPort 0 4",
        }));
        int up = journal.Entries.Count(Connects);
        Assert.That(up, Is.EqualTo(clients.Count - 1).And.Positive);

        // A reset frees its port at once.
        await Clients.SendAllAsync(clients[0], "abort"u8.ToArray());
        await journal.AwaitAsync(Connects, up + 1);
        clients.ForEach(client => client.Dispose());
    }

    private static bool LacksPort(string entry) =>
        entry.StartsWith("failed NoPort", StringComparison.Ordinal);

    [Test]
    public async Task What_the_program_ends_is_not_dialled_again([Values] bool halfCloses)
    {
        ReturningStep step = halfCloses ? ReturningStep.ShutDownAtConnect : ReturningStep.CloseAtConnect;
        var journal = new Journal();
        using Socket upstream = Listen();
        GainServer server = StartDialling(journal, TargetOf(upstream), Options(), step);
        using Socket client = await Clients.ConnectAsync(server);
        using (Socket accepted = await AcceptAsync(upstream))
        {
            Assert.That(await accepted.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        }

        await AwaitLoadAsync(server, 1);
        Assert.That(journal.Entries, Is.EqualTo(new[]
        {
            "connect 0", halfCloses ? "close PeerClosed 1 never" : "close Local 1 never",
        }));
    }

    [Test]
    public async Task What_is_closed_when_its_end_is_told_is_not_dialled_again([Values] bool wasUp)
    {
        var journal = new Journal();
        using Socket upstream = wasUp ? Listen() : Bind();
        GainServer server = StartDialling(
            journal, TargetOf(upstream), Options(), ReturningStep.CloseAtEnd);
        using Socket client = await Clients.ConnectAsync(server);
        if (wasUp)
        {
            (await AcceptAsync(upstream)).Dispose();
        }

        await journal.AwaitAsync(wasUp ? 2 : 1);
        await AwaitLoadAsync(server, 1);
        Assert.That(journal.Entries, Is.EqualTo(
            wasUp ? ["connect 0", "close PeerClosed 1 1"] : new[] { "failed Refused 0 1" }));
    }

    [Test]
    public async Task Fault_of_a_callback_is_no_reason_to_stay_away()
    {
        var journal = new Journal();
        using Socket upstream = Listen();
        GainServer server = StartDialling(
            journal, TargetOf(upstream), Options(), ReturningStep.ThrowAtConnect);
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That((await journal.AwaitAsync(4))[..4], Is.EqualTo(new[]
        {
            "connect 0", "close HandlerFault 1 1", "connect 0", "close HandlerFault 1 2",
        }));
    }

    [Test]
    public async Task Handle_of_the_first_dial_ends_a_connection_that_waits([Values] bool aborts)
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        GainServer server = StartDialling(journal, TargetOf(upstream), Waiting());
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(1);
        Assert.That(server.ConnectionsPerWorker.Sum(), Is.EqualTo(2), "what waits has its place");
        if (aborts)
        {
            await Clients.SendAllAsync(client, "abort"u8.ToArray());
        }
        else
        {
            client.Dispose();
        }

        await journal.AwaitAsync(2);
        await AwaitLoadAsync(server, aborts ? 1 : 0);
        Assert.That(journal.Entries, Is.EqualTo(new[]
        {
            $"failed Refused 0 {s_never.TotalMilliseconds}", "failed Cancelled 0 never",
        }));
    }

    [Test]
    public async Task Handle_of_the_first_dial_closes_what_it_has_become_and_sends_it_nothing()
    {
        var journal = new Journal();
        using Socket upstream = Listen();
        GainServer server = StartDialling(journal, TargetOf(upstream), Options());
        using Socket client = await Clients.ConnectAsync(server);
        (await AcceptAsync(upstream)).Dispose();
        (await AcceptAsync(upstream)).Dispose();
        using Socket third = await AcceptAsync(upstream);
        await journal.AwaitAsync(5);
        await Clients.SendAllAsync(client, "send"u8.ToArray());
        client.Shutdown(SocketShutdown.Both);
        Assert.That(await third.ReceiveAsync(new byte[8]).WaitAsync(Clients.Patience), Is.Zero);
        third.Dispose();
        await AwaitLoadAsync(server, 0);
        Assert.That(journal.Entries[^1], Is.EqualTo("close Local 1 never"));
    }

    [Test]
    public async Task Stop_ends_what_waits()
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        GainServer server = StartDialling(journal, TargetOf(upstream), Waiting());
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(1);
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(journal.Entries[1..], Is.EqualTo(new[] { "failed Cancelled 0 never" }));
    }

    [Test]
    public async Task Stop_ends_what_waits_also_where_the_protocol_is_told_of_stops()
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        GainServer server = Start(
            GainServer.Listen(new DiallingUnstopped(journal, TargetOf(upstream)), "tcp://127.0.0.1:0")
                .Dial(new Unstopped(journal), Waiting()),
            new GainOptions { WorkerCount = 1 });
        using (Socket client = await Clients.ConnectAsync(server))
        {
            await journal.AwaitAsync(1);
        }

        await AwaitLoadAsync(server, 1);
        await server.StopAsync(TimeSpan.FromHours(1)).WaitAsync(Clients.Patience);
        Assert.That(
            journal.Entries.Where(entry => entry != "stopping"),
            Is.EqualTo(new[] { "failed Refused False", "failed Cancelled True" }));
    }

    [Test]
    public async Task DialAsync_that_fails_is_not_repeated_and_one_that_was_up_is()
    {
        var journal = new Journal();
        using Socket upstream = Bind();
        await using GainClient<Returning> client = GainClient.Start(
            new Returning(journal), Options(), new GainOptions { Ring = Ring, WorkerCount = 1 });
        Assert.ThrowsAsync<GainException>(
            async () => await client.DialAsync(TargetOf(upstream)).WaitAsync(Clients.Patience));
        upstream.Listen(16);
        await client.DialAsync(TargetOf(upstream)).WaitAsync(Clients.Patience);
        (await AcceptAsync(upstream)).Dispose();
        using Socket again = await AcceptAsync(upstream);
        Assert.That((await journal.AwaitAsync(4)), Is.EqualTo(new[]
        {
            "failed Refused 0 never", "connect 0", "close PeerClosed 1 1", "connect 0",
        }));
    }

    [Test]
    public async Task Name_is_dialled_again_in_the_only_place_that_there_is()
    {
        var journal = new Journal();
        using Socket upstream = Listen();
        DialOptions options = Options();
        options.Resolver = _ => Task.FromResult(new[] { IPAddress.Loopback });
        await using GainClient<Returning> client = GainClient.Start(
            new Returning(journal),
            options,
            new GainOptions { Ring = Ring, WorkerCount = 1, Limits = { MaxConnections = 1 } });
        int port = ((IPEndPoint)upstream.LocalEndPoint!).Port;
        await client.DialAsync(DialTarget.Parse($"tcp://a.test:{port}")).WaitAsync(Clients.Patience);
        for (int i = 0; i < 5; i++)
        {
            (await AcceptAsync(upstream)).Dispose();
        }

        using Socket last = await AcceptAsync(upstream);
        await journal.AwaitAsync(Connects, 6);
        Assert.That(client.Server.Statistics.Connected, Is.EqualTo(6));
    }

    // Each is closed as soon as it is up: nothing spins, and no redial costs an object.
    [Test]
    public async Task Ten_thousand_redials_allocate_nothing_on_the_worker()
    {
        const int connections = 100;
        const int times = 10_000;
        GainServer rejecting = Start(
            GainServer.Listen(new Rejecting(), $"unix://@gain-{Guid.NewGuid():N}"),
            new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.Parse(rejecting.Addresses[0]);
        long allocated = 0;
        for (int run = 0; run < 2; run++)
        {
            var countdown = new DialCountdown(times);
            GainClient<Counted> client = GainClient.Start(
                new Counted(countdown), Options(maxMs: 1), new GainOptions { Ring = Ring, WorkerCount = 1 });
            await using (client)
            {
                for (int i = 0; i < connections; i++)
                {
                    await client.DialAsync(target).WaitAsync(Clients.Patience);
                }

                await countdown.Over.WaitAsync(Clients.Patience);
            }

            Assert.That(client.Server.Statistics.Connected, Is.AtLeast(times));
            allocated = client.Server.Statistics.AllocatedBytes;
        }

        Assert.That(allocated, Is.LessThan(150_000));
    }

    [Test]
    public void Value_that_is_none_is_refused() => Assert.Multiple(() =>
    {
        AssertRefused(Options(firstMs: 0), "FirstDelay is 00:00:00");
        AssertRefused(Options(firstMs: 5), "FirstDelay is 00:00:00.0050000");
        AssertRefused(Options(maxMs: 0), "MaxDelay is 00:00:00");
        AssertRefused(Options(maxMs: 86_400_001), "MaxDelay is 1.00:00:00.0010000");
        AssertRefused(Options(jitter: -0.1), "Jitter is -0.1");
        AssertRefused(Options(jitter: 1.1), "Jitter is 1.1");
        AssertRefused(Options(jitter: double.NaN), "Jitter is NaN");
    });

    private static void AssertRefused(DialOptions options, string what) => Assert.That(
        () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new EchoProtocol(), options),
        Throws.TypeOf<GainException>().With.Message.StartsWith($"DialOptions.Redial.{what}, but must be "));
}
