using System.Net.Sockets;

namespace Gain.Tests.Server;

public class SlowReaderTests(GainRing ring) : ServerTest(ring)
{
    private const int Message = 100_000;

    [Test]
    public async Task Writes_to_a_slow_reader_are_dropped_whole_and_counted_and_it_is_told_when_it_drains()
    {
        var journal = new Journal();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { SlowReaders = SlowReaderPolicy.DropWrites },
        };
        GainServer server = Start(new FeedProtocol(journal, sends: true), options);
        using Socket client = await Clients.ConnectAsync(server);

        // Four hundred messages of 100 kB: more than the watermark and both sockets' buffers.
        await Clients.SendAllAsync(client, new byte[400]);
        string told = (await journal.AwaitAsync(1))[0];
        Assert.That(server.Statistics.DroppedWrites, Is.Positive.And.LessThan(400));
        Assert.That(told, Is.EqualTo($"{400 - server.Statistics.DroppedWrites} sent"));

        // Every message that was taken arrives, and whole.
        int sent = (int)(400 - server.Statistics.DroppedWrites);
        byte[] received = await Clients.ReceiveExactlyAsync(client, sent * Message);
        for (int i = 0; i < sent; i++)
        {
            byte first = received[i * Message];
            Assert.That(
                received.AsSpan(i * Message, Message).IndexOfAnyExcept(first),
                Is.EqualTo(-1),
                $"message {i}");
        }

        Assert.That(await journal.AwaitAsync(2), Has.Some.EqualTo("drained"));
        Assert.That(server.Statistics.Closed, Is.Zero);
    }

    [Test]
    public async Task Slow_reader_is_closed_where_nothing_may_be_lost()
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1, Limits = { SlowReaders = SlowReaderPolicy.Close } };
        GainServer server = Start(new FeedProtocol(journal, sends: true), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[400]);

        // The first bytes may come alone, and be answered.
        static bool Ends(string entry) => entry.StartsWith("close ", StringComparison.Ordinal);
        string[] entries = await journal.AwaitAsync(Ends, 1);
        Assert.That(entries, Has.Some.EqualTo("close OutboundLimit"));
    }

    [TestCase(SlowReaderPolicy.DropWrites)]
    [TestCase(SlowReaderPolicy.Close)]
    public async Task TrySend_tells_and_reading_goes_on(SlowReaderPolicy policy)
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1, Limits = { SlowReaders = policy } };
        GainServer server = Start(new FeedProtocol(journal, sends: false), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[200]);
        await Clients.SendAllAsync(client, new byte[200]);

        // All four hundred were read although most of the writes were refused. What the socket took
        // between the two halves may have drained the connection before.
        static bool Tells(string entry) => entry.EndsWith(" sent", StringComparison.Ordinal);
        string told = (await journal.AwaitAsync(Tells, 1)).Single(Tells);
        Assert.That(told, Does.Match("^[0-9]+ sent$").And.Not.EqualTo("400 sent"));
        Assert.That(server.Statistics.DroppedWrites, Is.Zero);
        Assert.That(server.Statistics.Closed, Is.Zero);
    }

    // Nobody reads what it sends: what is refused once stays refused, and does not drain.
    [TestCase(SlowReaderPolicy.DropWrites, true)]
    [TestCase(SlowReaderPolicy.DropWrites, false)]
    [TestCase(SlowReaderPolicy.Close, false)]
    public async Task Reading_goes_on_at_a_refused_write_while_the_peer_reads_nothing(
        SlowReaderPolicy policy, bool sends)
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1, Limits = { SlowReaders = policy } };
        GainServer server = Start(new FloodProtocol(journal, sends), options);
        using Socket client = await Clients.ConnectAsync(server);
        for (int asked = 1; asked <= 3; asked++)
        {
            await Clients.SendAllAsync(client, new byte[1]);
            await journal.AwaitAsync(entry => entry == "refused", asked);
        }

        Assert.That(server.Statistics.Closed, Is.Zero);
    }

    [Test]
    public async Task Server_holds_no_more_bytes_than_it_may_and_serves_on()
    {
        var journal = new Journal();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits =
            {
                MaxBufferedBytes = 8 << 20,
                OutboundHighWatermarkBytes = 64 << 20,
                MaxOutboundBytes = 64 << 20,
            },
        };
        GainServer server = Start(new FeedProtocol(journal, sends: true), options);
        var clients = new List<Socket>();
        for (int i = 0; i < 8; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            clients.Add(client);
            await Clients.SendAllAsync(client, new byte[400]);
        }

        // Eight times 40 MB do not go into 8 MiB: those that want more are closed, and no memory grows.
        await journal.AwaitAsync(entry => entry == "close OutboundLimit", 1);
        Assert.That(server.Statistics.BufferedBytes, Is.AtMost(options.Limits.MaxBufferedBytes));
        clients.ForEach(Clients.Reset);
        await journal.AwaitAsync(entry => entry.StartsWith("close", StringComparison.Ordinal), clients.Count);
        using Socket last = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(last, new byte[1]);
        await Clients.ReceiveExactlyAsync(last, Message);
    }

    [Test]
    public async Task Unfinished_frames_of_many_clients_do_not_fill_the_memory()
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1, Limits = { MaxBufferedBytes = 4 << 20 } };
        GainServer server = Start(new LargeLineProtocol(journal), options);
        var clients = new List<Socket>();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                Socket client = await Clients.ConnectAsync(server);
                clients.Add(client);
                await Clients.SendAllAsync(client, Enumerable.Repeat((byte)32, 600_000).ToArray());
            }
        }
        catch (SocketException refused)
        {
            Assert.That(
                refused.SocketErrorCode, Is.AnyOf(SocketError.ConnectionReset, SocketError.Shutdown));
        }

        Assert.That(await journal.AwaitAsync(1), Has.All.EqualTo("close InboundLimit"));
        Assert.That(server.Statistics.BudgetRefusals, Is.Positive);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
        Assert.That(server.Statistics.BufferedBytes, Is.AtMost(options.Limits.MaxBufferedBytes));
        clients.ForEach(Clients.Reset);
    }
}

/// <summary>Answers each byte with a large message, and tells after four hundred how many it could.</summary>
[GainProtocol]
internal partial struct FeedProtocol(Journal journal, bool sends)
{
    private static readonly byte[] s_message = new byte[100_000];

    private int _read;
    private int _refused;

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < data.Length; i++)
        {
            _read++;
            int before = connection.OutboundBytes;
            if (sends)
            {
                connection.Send(s_message);
            }
            else
            {
                _ = connection.TrySend(s_message);
            }

            _refused += connection.OutboundBytes == before ? 1 : 0;
        }

        if (_read == 400)
        {
            journal.Add($"{_read - _refused} sent");
        }
    }

    private readonly void OnDrained() => journal.Add("drained");

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Answers each byte with more than anybody takes, and tells when a write is refused.</summary>
[GainProtocol]
internal readonly partial struct FloodProtocol(Journal journal, bool sends)
{
    private static readonly byte[] s_message = new byte[100_000];

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int before;
        do
        {
            before = connection.OutboundBytes;
            if (sends)
            {
                connection.Send(s_message);
            }
            else
            {
                _ = connection.TrySend(s_message);
            }
        }
        while (connection.OutboundBytes != before);
        journal.Add("refused");
    }
}

[GainProtocol]
[Delimited("\n", MaxFrameLength = 1 << 20)]
internal partial struct LargeLineProtocol(Journal journal)
{
    private static void OnFrame(Connection connection, ReadOnlySpan<byte> frame) => connection.Send(frame);

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
