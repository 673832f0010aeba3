using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Sessions;

/// <summary>Conversations with sessions, and how they end.</summary>
public class SessionTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task What_is_read_is_echoed_and_a_FIN_ends_the_session()
    {
        GainServer server = Start(new SessionEcho(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(300_000, 7);
        Task sending = Clients.SendAllAsync(client, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
        await sending;
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task What_is_not_consumed_comes_again_and_is_there_at_the_end()
    {
        GainServer server = Start(new SessionGroups(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        foreach (string part in new[] { "a", "bcd", "efghij", "klm" })
        {
            await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(part));
        }

        Assert.That(await ReceiveTextAsync(client, 12), Is.EqualTo("abcdefghijkl"));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("[m]"));
    }

    [Test]
    public async Task Frames_that_come_at_once_or_in_pieces_are_each_awaited_in_parts()
    {
        GainServer server = Start(new SessionLines(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntwo\nthr"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client, 8), Is.EqualTo("one\ntwo\n"));
        await Clients.SendAllAsync(client, "ee\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("three\nbye"));
    }

    [TestCase("delay")]
    [TestCase("yield")]
    [TestCase("run")]
    public async Task Frames_that_come_while_the_session_is_busy_wait_and_keep_their_order(string busy)
    {
        (GainServer server, _, _) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        var expected = new StringBuilder();
        var sent = new StringBuilder();
        for (int i = 0; i < 200; i++)
        {
            sent.Append(busy).Append('\n').Append($"line {i}\n");
            expected.Append(busy switch
            {
                "yield" => "yielded\n",
                "run" => "ran\nrun\n",
                _ => "delay\n",
            }).Append($"line {i}\n");
        }

        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(sent.ToString()));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo(expected.ToString()));
    }

    [TestCase("away", "42\naway\n")]
    [TestCase("unconfigured", "42\nunconfigured\n")]
    [TestCase("task", "task 42\ntask\n")]
    public async Task Foreign_await_comes_back_to_the_worker(string command, string expected)
    {
        (GainServer server, _, SessionGate gate) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes($"{command}\nafter\n"));
        TaskCompletionSource<string> question = await gate.TakeAsync();
        await Task.Run(() => question.SetResult("42\n"));
        Assert.That(
            await ReceiveTextAsync(client, expected.Length + 6), Is.EqualTo($"{expected}after\n"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task FIN_while_the_session_is_away_does_not_lose_its_answer()
    {
        (GainServer server, Journal journal, SessionGate gate) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "away\nlast\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        TaskCompletionSource<string> question = await gate.TakeAsync();
        await PassTurnsAsync(server);
        question.SetResult("late\n");
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("late\naway\nlast\n"));
        await journal.AwaitAsync(entry => entry == "close PeerClosed 2", 1);
    }

    [Test]
    public async Task Close_while_the_session_is_away_waits_for_its_answer()
    {
        (GainServer server, Journal journal, SessionGate gate) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "away\n"u8.ToArray());
        TaskCompletionSource<string> question = await gate.TakeAsync();
        Assert.That(gate.Latest.TryClose());
        await PassTurnsAsync(server);
        question.SetResult("late\n");
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("late\naway\n"));
        await journal.AwaitAsync(entry => entry == "close Local 1", 1);
    }

    [Test]
    public async Task Stop_while_a_session_is_away_waits_for_its_answer()
    {
        (GainServer server, Journal journal, SessionGate gate) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "away\n"u8.ToArray());
        TaskCompletionSource<string> question = await gate.TakeAsync();
        using Socket other = await Clients.ConnectAsync(server);
        Task stopping = server.StopAsync(Clients.Patience);
        question.SetResult("late\n");
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("late\naway\n"));
        client.Dispose();
        other.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(journal.Entries, Does.Contain("close ServerStopped 1"));
    }

    [Test]
    public async Task Stop_that_cannot_wait_longer_resets_a_session_that_is_away_which_ends_later()
    {
        (GainServer server, Journal journal, SessionGate gate) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "away\n"u8.ToArray());
        TaskCompletionSource<string> question = await gate.TakeAsync();
        await server.StopAsync(TimeSpan.FromMilliseconds(20)).WaitAsync(Clients.Patience);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "close Aborted 1" }));
        question.SetResult("nobody is there\n");
    }

    [Test]
    public async Task Reset_while_the_session_is_away_ends_it_when_it_comes_back()
    {
        (GainServer server, Journal journal, SessionGate gate) = Start(maxConnections: 1);
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "away\n"u8.ToArray());
        TaskCompletionSource<string> question = await gate.TakeAsync();
        Clients.Reset(client);
        await journal.AwaitAsync(1);

        // Another connection has the slot by then.
        using Socket next = await ConnectServedAsync(server);
        question.SetResult("not for you\n");
        await journal.AwaitAsync(3);
        Assert.That(journal.Entries[..3], Is.EqualTo(new[] { "close Reset 1", "ended", "finally" }));
        await Clients.SendAllAsync(next, "mine\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(next, 5), Is.EqualTo("mine\n"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Stop_tells_a_session_that_reads_or_delays_and_it_closes_in_order()
    {
        (GainServer server, Journal journal, _) = Start();
        using Socket reading = await Clients.ConnectAsync(server);
        using Socket delayed = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(reading, "x\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(reading, 2), Is.EqualTo("x\n"));
        await Clients.SendAllAsync(delayed, "long\n"u8.ToArray());
        await journal.AwaitAsync(entry => entry == "long", 1);
        Task stopping = server.StopAsync(Clients.Patience);
        Assert.That(await ReceiveTextAsync(reading), Is.Empty);
        Assert.That(await ReceiveTextAsync(delayed), Is.EqualTo("long\n"));
        reading.Dispose();
        delayed.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(journal.Entries, Has.Exactly(2).EqualTo("close ServerStopped 1"));
        Assert.That(journal.Entries, Does.Contain("delay False"));
        Assert.That(journal.Entries, Has.Exactly(2).EqualTo("false"));
    }

    [TestCase("long", "delay False")]
    [TestCase("flood", "drained false")]
    public async Task Reset_ends_a_wait_with_false(string command, string expected)
    {
        (GainServer server, Journal journal, _) = Start();
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes($"{command}\n"));
        await journal.AwaitAsync(1);
        Clients.Reset(client);
        await journal.AwaitAsync(entry => entry.StartsWith("close", StringComparison.Ordinal), 1);
        Assert.That(journal.Entries, Does.Contain(expected));
        Assert.That(journal.Entries, Does.Contain("finally"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [TestCase("close", "close Local 1")]
    [TestCase("abort", "close Aborted 1")]
    public async Task Wait_behind_a_close_of_its_own_is_false(string command, string expected)
    {
        (GainServer server, Journal journal, _) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes($"{command}\nx\n"));
        await journal.AwaitAsync(3);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "false", "finally", expected }));
    }

    [Test]
    public async Task Drained_waits_for_a_slow_reader_who_gets_everything()
    {
        (GainServer server, Journal journal, _) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "flood\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        await journal.AwaitAsync(entry => entry == "congested", 1);
        Assert.That((await Clients.ReceiveToEndAsync(client)).Length, Is.EqualTo(10_000_000));
    }

    [Test]
    public async Task What_a_session_throws_closes_its_connection_as_what_a_callback_throws()
    {
        (GainServer server, Journal journal, _) = Start();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x\nthrow\n"u8.ToArray());
        await journal.AwaitAsync(2);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "finally", "close HandlerFault 2" }));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_session_throws_before_it_waits_closes_its_connection()
    {
        var journal = new Journal();
        GainServer server = Start(new SessionThrower(journal), new GainOptions { WorkerCount = 1 });
        using Socket? client = await Clients.TryConnectAsync(server);
        await journal.AwaitAsync(1);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "close HandlerFault at once" }));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public async Task Receives_full_of_messages_use_no_stack()
    {
        GainServer server = Start(
            new SessionLines(),
            new GainOptions { WorkerCount = 1, Buffers = { ReceiveBufferBytes = 65_536 } });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] lines = new byte[2_000_000];
        lines.AsSpan().Fill((byte)'\n');
        Task sending = Clients.SendAllAsync(client, lines);
        Assert.That(await Clients.ReceiveExactlyAsync(client, lines.Length), Is.EqualTo(lines));
        await sending;
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    private (GainServer Server, Journal Journal, SessionGate Gate) Start(int? maxConnections = null)
    {
        var journal = new Journal();
        var gate = new SessionGate();
        var options = new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } };
        if (maxConnections is { } most)
        {
            options.Limits.MaxConnectionsPerWorker = most;
        }

        return (Start(new SessionDialogue(journal, gate), options), journal, gate);
    }

    private static async Task PassTurnsAsync(GainServer server)
    {
        for (int i = 0; i < 3; i++)
        {
            using Socket other = await ConnectServedAsync(server);
            Clients.Reset(other);
        }
    }

    private static async Task<Socket> ConnectServedAsync(GainServer server)
    {
        while (true)
        {
            // The place is free when the descriptor of the one before is closed.
            Socket? client = await Clients.TryConnectAsync(server);
            try
            {
                if (client is not null)
                {
                    await Clients.SendAllAsync(client, "echo\n"u8.ToArray());
                    await Clients.ReceiveExactlyAsync(client, 5);
                    return client;
                }
            }
            catch (Exception refused) when (refused is SocketException or AssertionException)
            {
                client?.Dispose();
            }
        }
    }

    private static async Task<string> ReceiveTextAsync(Socket client) =>
        Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));

    private static async Task<string> ReceiveTextAsync(Socket client, int count) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, count));
}

/// <summary>Throws before it waits for anything.</summary>
[GainProtocol]
internal partial struct SessionThrower(Journal journal)
{
#pragma warning disable CS1998 // It is async, and throws at once.
    private static async Session OnSession(SessionContext s) =>
        throw new InvalidOperationException($"at once{s.IsEnded}"[..7]);
#pragma warning restore CS1998

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}

public class ReactorSessionTests(GainRing ring) : SessionTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}
