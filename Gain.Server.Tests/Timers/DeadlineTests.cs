using System.Net.Sockets;

namespace Gain.Tests.Server;

public class DeadlineTests(GainRing ring) : ServerTest(ring)
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(100);

    [Test]
    public async Task Client_that_says_nothing_is_closed_at_the_first_byte_timeout()
    {
        var journal = new Journal();
        GainServer server = Start(
            new JournalingEcho(journal), new GainOptions
            {
                WorkerCount = 1,
                Timeouts = { FirstByte = s_short },
            });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(["accept", "close FirstByteTimeout"]));
    }

    [Test]
    public async Task Client_that_has_spoken_is_free_of_the_first_byte_timeout()
    {
        var journal = new Journal();
        GainServer server = Start(
            new JournalingEcho(journal), new GainOptions
            {
                WorkerCount = 1,
                Timeouts = { FirstByte = s_short },
            });
        using Socket spoken = await Clients.ConnectAsync(server);
        await EchoAsync(spoken);

        // Two that came later are closed meanwhile, one after the other, so that more than the time passes.
        for (int i = 0; i < 2; i++)
        {
            using Socket silent = await Clients.ConnectAsync(server);
            Assert.That(await Clients.ReceiveToEndAsync(silent), Is.Empty);
        }

        await EchoAsync(spoken);
    }

    [Test]
    public async Task Idle_client_is_closed_and_a_busy_one_is_not()
    {
        var journal = new Journal();
        GainServer server = Start(
            new JournalingEcho(journal), new GainOptions { WorkerCount = 1, Timeouts = { Idle = s_short } });
        using Socket busy = await Clients.ConnectAsync(server);
        using Socket idle = await Clients.ConnectAsync(server);
        await EchoAsync(idle);
        Task<byte[]> end = Clients.ReceiveToEndAsync(idle);
        while (!end.IsCompleted)
        {
            await EchoAsync(busy);
        }

        Assert.That(await end, Is.Empty);
        await EchoAsync(busy);
        Assert.That(journal.Entries, Has.One.EqualTo("close IdleTimeout"));
    }

    // As a process that was stopped and goes on, too: it has not run, and its clients have spoken.
    [Test]
    public async Task Callback_that_takes_longer_than_the_limits_closes_no_client_that_had_spoken(
        [Values] bool haveSpokenBefore)
    {
        const int Count = 200;
        var options = new GainOptions
        {
            WorkerCount = 1,
            Buffers = { ReceiveBufferCount = 32 },
            Timeouts = { FirstByte = s_short, Idle = s_short },
        };
        using var busy = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();
        var journal = new Journal();
        GainServer server = Start(new TardyProtocol(journal, busy, over, 4 * s_short), options);
        var clients = new List<Socket>();
        for (int i = 0; i < Count; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            if (haveSpokenBefore)
            {
                await EchoAsync(clients[i]);
            }
        }

        // Connected last: on a busy machine an earlier one would have been silent for too long by now.
        using Socket burden = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(burden, "busy"u8.ToArray());
        Assert.That(busy.Wait(Clients.Patience));
        int closed = journal.Entries.Length;
        foreach (Socket client in clients)
        {
            await Clients.SendAllAsync(client, "x"u8.ToArray());
        }

        over.Set();
        int served = 0;
        foreach (Socket client in clients)
        {
            served += (await Clients.ReceiveToEndAsync(client)).Length > 0 ? 1 : 0;
            client.Dispose();
        }

        // Some may have been silent for too long before, on a machine that is busy with other things.
        Assert.That(served, Is.AtLeast(Count - closed));
        Assert.That(served, Is.Positive);
    }

    [Test]
    public async Task Client_that_downloads_is_not_idle()
    {
        var journal = new Journal();
        byte[] answer = Clients.Pattern(24 << 20, 9);
        var options = new GainOptions
        {
            WorkerCount = 1,
            Timeouts = { Idle = s_short },
            Limits = { OutboundHighWatermarkBytes = 32 << 20, MaxOutboundBytes = 32 << 20 },
        };
        GainServer server = Start(new AnsweringProtocol(journal, answer), options);
        using Socket downloading = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(downloading, new byte[1]);

        // Nothing is read before others have been closed for being idle: the answer waits in the server.
        for (int i = 0; i < 3; i++)
        {
            using Socket idle = await Clients.ConnectAsync(server);
            Assert.That(await Clients.ReceiveToEndAsync(idle), Is.Empty);
        }

        byte[] received = await Clients.ReceiveExactlyAsync(downloading, answer.Length);
        Assert.That(received.AsSpan().SequenceEqual(answer));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Client_that_stops_reading_is_reset_and_a_slow_one_is_not(bool closes)
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        byte[] answer = Clients.Pattern(24 << 20, 5);
        var options = new GainOptions
        {
            WorkerCount = 1,
            Timeouts = { Send = TimeSpan.FromMilliseconds(200) },
            Limits = { OutboundHighWatermarkBytes = 32 << 20, MaxOutboundBytes = 32 << 20 },
        };
        GainServer server = Start(new AnsweringProtocol(journal, answer, closes), options);
        using Socket stalled = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(stalled, new byte[1]);
        Task<string[]> closed = journal.AwaitAsync(1);

        // The other one is sent a stream without an end, and reads it in small steps.
        GainServer streaming = Start(new StreamingProtocol(journal, answer), options);
        using Socket slow = await Clients.ConnectAsync(streaming);
        await Clients.SendAllAsync(slow, new byte[1]);
        for (int received = 0; !closed.IsCompleted; received = (received + 4_096) % answer.Length)
        {
            byte[] part = await Clients.ReceiveExactlyAsync(slow, 4_096);
            Assert.That(part.AsSpan().SequenceEqual(answer.AsSpan(received, part.Length)));
        }

        Assert.That((await closed)[0], Is.EqualTo("close SendTimeout"));
    }

    [Test]
    public async Task Old_connection_is_closed_after_what_was_sent()
    {
        var journal = new Journal();
        GainServer server = Start(
            new JournalingEcho(journal), new GainOptions
            {
                WorkerCount = 1,
                Timeouts = { Lifetime = s_short },
            });
        using Socket client = await Clients.ConnectAsync(server);
        await EchoAsync(client);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        await journal.AwaitAsync(4);
        Assert.That(journal.Entries[^1], Is.EqualTo("close LifetimeReached"));
    }

    [Test]
    public async Task Peer_that_does_not_close_is_not_waited_for_longer_than_the_linger_timeout()
    {
        GainServer server = Start(
            new GreetingProtocol(new Journal(), "bye"u8.ToArray(), aborts: false),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxConnections = 1 },
                Timeouts = { Linger = s_short },
            });
        using Socket open = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(open), Is.EqualTo("bye"u8.ToArray()));

        // The one place is free again although the first client never closed.
        byte[] answer = [];
        while (answer.Length == 0)
        {
            using Socket next = await Clients.ConnectAsync(server);
            answer = await Clients.ReceiveToEndAsync(next);
        }

        Assert.That(answer, Is.EqualTo("bye"u8.ToArray()));
    }

    private static async Task EchoAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "ping"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("ping"u8.ToArray()));
    }
}

/// <summary>Answers the first bytes with many, and may close then.</summary>
[GainProtocol]
internal partial struct AnsweringProtocol(Journal journal, byte[] answer, bool closes = false)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Send(answer);
        if (closes)
        {
            connection.Close();
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Once it has read something, sends the same bytes again and again.</summary>
[GainProtocol]
internal partial struct StreamingProtocol(Journal journal, byte[] bytes)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(bytes);

    private readonly void OnWrite(Connection connection)
    {
        if (connection.OutboundBytes < 1 << 20)
        {
            connection.Send(bytes);
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close streaming {reason}");
}

/// <summary>Echoes; what begins with "busy" takes long, from when the test says so.</summary>
[GainProtocol]
internal readonly partial struct TardyProtocol(
    Journal journal, ManualResetEventSlim busy, ManualResetEventSlim over, TimeSpan lasts)
{
    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("busy"u8))
        {
            busy.Set();
            over.Wait();
            TimeSpan longest = lasts;
            var clock = System.Diagnostics.Stopwatch.StartNew();
            SpinWait.SpinUntil(() => clock.Elapsed > longest);
        }

        connection.Send(data);
    }

    private void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
