using System.Net.Sockets;

namespace Gain.Tests.Server;

public class BackPressureTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Client_that_never_reads_is_held_back_and_loses_nothing()
    {
        var options = new GainOptions { WorkerCount = 1 };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(64 << 20, 21);
        using var stop = new CancellationTokenSource();

        // The client's writes stop when the server's do: 64 MiB fit into no socket buffer.
        Task<int> flooding = FloodAsync(client, sent, stop.Token);
        await AwaitStandstillAsync(server, client);
        Assert.That(flooding.IsCompleted, Is.False, "the client could send everything");
        long held = server.Statistics.BytesIn - server.Statistics.BytesOut;
        Assert.That(
            held,
            Is.LessThan(
                options.Limits.OutboundHighWatermarkBytes
                + (2L * options.Buffers.ReceiveBufferBytes * options.Buffers.ReceiveBufferCount)));

        // Another client is served meanwhile.
        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(other, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(other, 5), Is.EqualTo("hello"u8.ToArray()));

        byte[] received = await Clients.ReceiveExactlyAsync(client, sent.Length);
        Assert.That(await flooding, Is.EqualTo(sent.Length));
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public async Task Bytes_that_nobody_reads_are_not_held_after_a_stop()
    {
        byte[] answer = Clients.Pattern(16 << 20, 4);
        var options = new GainOptions { WorkerCount = 1, Limits = { MaxOutboundBytes = 64 << 20 } };
        GainServer server = Start(new AmplifyingProtocol(new Journal(), answer), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[1]);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (server.Statistics.HeldOutboundBytes == 0)
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience));
            await Task.Yield();
        }

        await server.StopAsync(TimeSpan.Zero).WaitAsync(Clients.Patience);

        Assert.That(server.Statistics.HeldOutboundBytes, Is.Zero);
    }

    [Test]
    public async Task Pipelined_requests_are_not_all_answered_at_once_when_the_answers_are_not_read()
    {
        var journal = new Journal();
        byte[] answer = Clients.Pattern(1 << 20, 4);
        var options = new GainOptions
        {
            Limits = { OutboundHighWatermarkBytes = 1 << 20, MaxOutboundBytes = 4 << 20 },
        };
        GainServer server = Start(new AmplifyingProtocol(journal, answer), options);
        using Socket client = await Clients.ConnectAsync(server);

        // Forty requests in one packet want forty megabytes: ten times what may be outstanding.
        await Clients.SendAllAsync(client, new byte[40]);
        for (int i = 0; i < 40; i++)
        {
            byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
            Assert.That(received.AsSpan().SequenceEqual(answer), $"answer {i}");
        }

        Assert.That(server.Statistics.Closed, Is.Zero);
        string[] drained = await journal.AwaitAsync(40);
        Assert.That(
            drained,
            Has.All.Matches<string>(
                entry => int.Parse(entry[8..]) <= options.Limits.OutboundLowWatermarkBytes));
    }

    [TestCase(1)]
    [TestCase(40)]
    public async Task Nothing_is_delivered_while_outbound_bytes_are_over_the_high_watermark(
        int requestsAtOnce)
    {
        var journal = new Journal();
        byte[] answer = Clients.Pattern(700_000, 4);
        GainServer server = Start(new AmplifyingLines(journal, answer), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] requests = new byte[requestsAtOnce];
        requests.AsSpan().Fill((byte)'\n');
        for (int sent = 0; sent < 40; sent += requestsAtOnce)
        {
            await Clients.SendAllAsync(client, requests);
        }

        for (int i = 0; i < 40; i++)
        {
            byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
            Assert.That(received.AsSpan().SequenceEqual(answer), $"answer {i}");
        }

        string[] outbound = await journal.AwaitAsync(40);
        Assert.That(outbound, Has.All.Matches<string>(bytes => int.Parse(bytes) < 1 << 20));
    }

    [Test]
    public async Task Write_over_the_limit_closes_and_TrySend_tells()
    {
        var journal = new Journal();
        var options = new GainOptions
        {
            Limits =
            {
                OutboundHighWatermarkBytes = 1_000,
                OutboundLowWatermarkBytes = 0,
                MaxOutboundBytes = 10_000,
            },
        };
        GainServer server = Start(new OverwritingProtocol(journal), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(
            await journal.AwaitAsync(3),
            Is.EqualTo(new[] { "TrySend True", "TrySend False", "close OutboundLimit" }));
    }

    [Test]
    public async Task Few_buffers_starve_connections_but_lose_nothing()
    {
        var options = new GainOptions
        {
            WorkerCount = 1,
            Buffers = { ReceiveBufferCount = 2, ReceiveBufferBytes = 256 },
        };
        GainServer server = Start(new EchoProtocol(), options);
        var clients = new List<Socket>();
        for (int i = 0; i < 40; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        await Task.WhenAll(clients.Select((client, i) => EchoAsync(client, Clients.Pattern(100_000, i))));
        Assert.That(server.Statistics.Starvations, Is.Positive, "the test did not starve anyone");
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Small_rings_serve_more_connections_than_they_have_entries()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions
        {
            WorkerCount = 1,
            Buffers = { RingEntries = 8 },
        });
        var clients = new List<Socket>();
        for (int i = 0; i < 300; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        await Task.WhenAll(clients.Select((client, i) => EchoAsync(client, Clients.Pattern(20_000, i))));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Client_that_vanishes_while_it_is_held_back_is_closed()
    {
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal), new GainOptions { WorkerCount = 1 });
        Socket client = await Clients.ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        Task<int> flooding = FloodAsync(client, new byte[64 << 20], stop.Token);
        await AwaitStandstillAsync(server, client);
        Clients.Reset(client);
        await flooding;

        for (int entries = 1; !journal.Entries[^1].StartsWith("close", StringComparison.Ordinal); entries++)
        {
            await journal.AwaitAsync(entries);
        }

        Assert.That(journal.Entries[^1], Is.EqualTo("close Reset"));
    }

    private static async Task EchoAsync(Socket client, byte[] sent)
    {
        Task sending = Clients.SendAllAsync(client, sent);
        byte[] received = await Clients.ReceiveExactlyAsync(client, sent.Length);
        await sending;
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    private static async Task<int> FloodAsync(Socket client, byte[] data, CancellationToken stop)
    {
        int sent = 0;
        try
        {
            while (sent < data.Length)
            {
                sent += await client.SendAsync(data.AsMemory(sent), stop);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The test took the connection away: how far it came is the answer.
            return sent;
        }

        return sent;
    }

    /// <summary>
    /// Waits until the server has stopped reading from a client that does not read: the client's own socket
    /// buffer is full, and the server's counters stay the same over many looks.
    /// </summary>
    private static async Task AwaitStandstillAsync(GainServer server, Socket client)
    {
        (long In, long Out) last = default;
        for (int same = 0; same < 200;)
        {
            (long In, long Out) now = (server.Statistics.BytesIn, server.Statistics.BytesOut);
            bool still = now == last && now.In > 0 && !client.Poll(1_000, SelectMode.SelectWrite);
            same = still ? same + 1 : 0;
            last = now;
            await Task.Yield();
        }
    }
}

[GainProtocol]
internal partial struct OverwritingProtocol(Journal journal)
{
    private readonly void OnRead(Connection connection)
    {
        journal.Add($"TrySend {connection.TrySend(new byte[10_000])}");
        journal.Add($"TrySend {connection.TrySend(new byte[1])}");
        connection.Send(new byte[1]);
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Answers each line with much, and notes what was outstanding before.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 10)]
internal partial struct AmplifyingLines(Journal journal, byte[] answer)
{
    private readonly void OnFrame(Connection connection)
    {
        journal.Add($"{connection.OutboundBytes}");
        connection.Send(answer);
    }
}
