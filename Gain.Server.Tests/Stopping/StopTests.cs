using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

public class StopTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Answers_to_all_that_was_sent_before_the_stop_go_out_in_full()
    {
        GainServer server = Start(new EchoProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(200_000, 31);
        await Clients.SendAllAsync(client, sent);
        while (server.Statistics.BytesIn < sent.Length)
        {
            await Task.Yield();
        }

        Task stopped = server.StopAsync();
        byte[] received = await Clients.ReceiveToEndAsync(client);
        client.Dispose();
        await stopped.WaitAsync(Clients.Patience);

        Assert.That(received.AsSpan().SequenceEqual(sent));
        Assert.That(server.IsRunning, Is.False);
    }

    [Test]
    public async Task What_has_arrived_before_the_stop_is_answered_although_it_was_not_read_yet()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        GainServer server = Start(new BlockingProtocol(entered, release), new GainOptions
        {
            WorkerCount = 1,
        });
        using Socket blocking = await Clients.ConnectAsync(server);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "a"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        // The worker is held in a callback while the request arrives, and then the stop.
        await Clients.SendAllAsync(blocking, "block"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Task stopped = server.StopAsync();
        release.Set();

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("hello"u8.ToArray()));
        client.Dispose();
        blocking.Dispose();
        await stopped.WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Stop_during_traffic_cuts_no_answer_and_resets_nobody()
    {
        GainServer server = Start(new LineProtocol(new Journal()));
        var clients = new List<Task<int>>();
        using var running = new CountdownEvent(16);
        for (int i = 0; i < 16; i++)
        {
            clients.Add(ChatAsync(server, running));
        }

        running.Wait(Clients.Patience);
        await server.StopAsync(TimeSpan.FromSeconds(30)).WaitAsync(Clients.Patience);

        int[] answers = await Task.WhenAll(clients).WaitAsync(Clients.Patience);
        Assert.That(answers, Has.All.Positive);
    }

    [Test]
    public async Task Client_that_does_not_read_is_reset_at_the_deadline()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        GainServer server = Start(new GreetingProtocol(journal, new byte[15_000_000], aborts: false));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 1);

        await server.StopAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(Clients.Patience);
        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "close Aborted" }));
        Assert.That(() => Clients.ReceiveToEndAsync(client), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task A_later_stop_can_only_shorten_the_first()
    {
        byte[] greeting = new byte[15_000_000];
        GainServer server = Start(new GreetingProtocol(new Journal(), greeting, aborts: false));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 1);

        Task first = server.StopAsync(TimeSpan.FromHours(20));
        Task second = server.StopAsync(TimeSpan.Zero);
        Task third = server.StopAsync(TimeSpan.FromHours(20));
        await Task.WhenAll(first, second, third).WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Sooner_stop_that_comes_within_a_turn_of_the_worker_is_not_slept_over()
    {
        var options = new GainOptions
        {
            WorkerCount = 1,
            Timeouts = { Linger = TimeSpan.FromHours(1), Drain = TimeSpan.FromHours(1) },
        };
        GainServer server = Start(new HastyProtocol(), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        // Its OnClose asks for haste behind the look at the stop, and the client never closes its side.
        await server.StopAsync().WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Stop_from_a_callback_does_not_deadlock_even_when_it_is_waited_for()
    {
        GainServer server = Start(new StoppingProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "stop"u8.ToArray());

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("stopping"u8.ToArray()));
        client.Dispose();
        await server.WaitForShutdownAsync().WaitAsync(Clients.Patience);
        await server.DisposeAsync();
        await server.DisposeAsync();
    }

    [Test]
    public async Task The_address_is_free_again_at_once()
    {
        RequireTcp("an IP address");
        GainServer first = Start(
            new EchoProtocol(), new GainOptions { Timeouts = { Linger = ShortLinger } });
        int port = first.EndPoints[0].Port;
        using (Socket client = await Clients.ConnectAsync(first))
        {
            await Clients.SendAllAsync(client, "x"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 1);
            await Task.WhenAll(first.StopAsync(), Clients.ReceiveToEndAsync(client))
                .WaitAsync(Clients.Patience);
        }

        var address = new IPEndPoint(IPAddress.Loopback, port);
        await using GainServer second = GainServer.Listen(new EchoProtocol(), address).Start();
        using Socket again = await Clients.ConnectAsync(second);
        await Clients.SendAllAsync(again, "y"u8.ToArray());
        await Clients.ReceiveExactlyAsync(again, 1);
    }

    [Test]
    public void A_second_server_on_the_address_is_refused_and_the_first_goes_on()
    {
        RequireTcp("an IP address");
        GainServer first = Start(new EchoProtocol());
        int sockets = Descriptors.Sockets();
        string address = $"tcp://127.0.0.1:{first.EndPoints[0].Port}";

        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(new EchoProtocol(), address))!;

        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(refused.Message, Does.Contain(address));
        Assert.That(Descriptors.Sockets(), Is.EqualTo(sockets));
        Assert.That(first.IsRunning);
    }

    // Sends lines and reads their answers until the server closes: only whole answers, then FIN.
    private static async Task<int> ChatAsync(GainServer server, CountdownEvent running)
    {
        using Socket client = await Clients.ConnectAsync(server);
        byte[] line = "0123456789abcdefghijklmnopqrstuvwxyz\r\n"u8.ToArray();
        byte[] answer = new byte[line.Length - 1];
        for (int answers = 0; ; answers++)
        {
            if (answers == 100)
            {
                running.Signal();
            }

            await Clients.SendAllAsync(client, line);
            int got = await client.ReceiveAsync(answer).WaitAsync(Clients.Patience);
            if (got == 0)
            {
                return answers;
            }

            Assert.That(got, Is.EqualTo(answer.Length), "an answer was cut");
        }
    }
}

[GainProtocol]
internal partial struct StoppingProtocol
{
    private GainServer _server;

    private void OnStart(GainServer server) => _server = server;

    private readonly void OnRead(Connection connection)
    {
        connection.Send("stopping"u8);
        _server.StopAsync().Wait();
    }
}

[GainProtocol]
internal partial struct BlockingProtocol(ManualResetEventSlim entered, ManualResetEventSlim release)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("block"u8))
        {
            entered.Set();
            release.Wait();
            return;
        }

        connection.Send(data);
    }
}

/// <summary>Echoes, and asks for an end without delay when its connection closes.</summary>
[GainProtocol]
internal partial struct HastyProtocol
{
    private GainServer? _server;

    private void OnStart(GainServer server) => _server = server;

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private readonly void OnClose() => _server!.RequestStop(TimeSpan.Zero);
}
