using System.Net;
using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>Two connections of which the kernel moves the bytes, over real sockets and pipes.</summary>
public class SpliceTests(GainRing ring) : ServerTest(ring)
{
    private static readonly GainArchitecture[] s_architectures =
        [GainArchitecture.Sharding, GainArchitecture.Reactor];

    // More than the sockets of both ends hold, so that each side has to wait for the other.
    private static readonly byte[] s_up = Clients.Pattern(20_000_000, 1);
    private static readonly byte[] s_down = Clients.Pattern(17_000_000, 2);

    private Journal _journal = new();

    [SetUp]
    public void BeginJournal() => _journal = new Journal();

    private GainServer StartRelay(Socket listener, Action<GainOptions>? set = null)
    {
        var options = new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } };
        set?.Invoke(options);
        var relay = new Relay(_journal, TargetOf(listener), atOnce: true, CouplingMode.Splice);
        return Start(GainServer.Listen(relay, Address).Dial(new RelayEnd(_journal)), options);
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Streams_are_moved_by_the_kernel_both_ways_at_once(GainArchitecture architecture)
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener, o => (o.Architecture, o.WorkerCount) = (architecture, 2));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        await ExchangeAsync(client, upstream);
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        int all = s_up.Length + s_down.Length;
        Assert.That((statistics.BytesIn, statistics.BytesOut), Is.EqualTo((all, all)));
        Assert.That(statistics.BytesSpliced, Is.GreaterThan(all / 2));
        Assert.That(
            _journal.Entries, Is.EquivalentTo(new[] { "close PeerClosed", "other closed PeerClosed" }));
    }

    [Test]
    public async Task Questions_and_answers_are_copied()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        for (int i = 0; i < 200; i++)
        {
            byte[] question = Clients.Pattern(1_000, i);
            await client.SendAsync(question);
            Assert.That(await Clients.ReceiveExactlyAsync(upstream, 1_000), Is.EqualTo(question));
            await upstream.SendAsync(question);
            Assert.That(await Clients.ReceiveExactlyAsync(client, 1_000), Is.EqualTo(question));
        }

        Assert.That(server.Statistics.BytesSpliced, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task What_has_no_pipe_is_copied_and_nothing_is_lost(int pipes)
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener, o => o.Buffers.MaxSplicePipes = pipes);
        var pairs = new List<(Socket Client, Socket Upstream)>();
        for (int i = 0; i < 3; i++)
        {
            pairs.Add((await Clients.ConnectAsync(server), await AcceptAsync(listener)));
        }

        Task[] sent = [.. pairs.Select(pair => Clients.SendToEndAsync(pair.Client, s_up))];
        await AwaitStandstillAsync(server, pairs[^1].Client);
        foreach ((Socket client, Socket upstream) in pairs)
        {
            byte[] got = await Clients.ReceiveToEndAsync(upstream);
            Assert.That(got.AsSpan().SequenceEqual(s_up), "what the client sent");
            upstream.Shutdown(SocketShutdown.Send);
            await Clients.ReceiveToEndAsync(client);
            client.Dispose();
            upstream.Dispose();
        }

        await Task.WhenAll(sent);
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That(statistics.BytesSpliced > 0, Is.EqualTo(pipes > 0));
    }

    [Test]
    public async Task Stop_delivers_what_a_pipe_holds()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = SendUntilGoneAsync(client, s_up);
        await AwaitStandstillAsync(server, client);
        long taken = server.Statistics.BytesIn;
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
        Task stopped = server.StopAsync(TimeSpan.FromSeconds(30));
        byte[] got = await Clients.ReceiveToEndAsync(upstream);
        Assert.That(got.AsSpan().SequenceEqual(s_up.AsSpan(0, got.Length)), "another order");
        Assert.That(got, Has.Length.GreaterThanOrEqualTo(taken));
        upstream.Shutdown(SocketShutdown.Send);
        await stopped.WaitAsync(Clients.Patience);
        client.Close();
        await sent;
    }

    [Test]
    public async Task Reset_of_a_client_whose_bytes_wait_in_a_pipe_is_passed_on()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = SendUntilGoneAsync(client, s_up);
        await AwaitStandstillAsync(server, client);
        Clients.Reset(client);
        await sent;
        await _journal.AwaitAsync(2);
        var reset = Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(upstream))!;
        Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(_journal.Entries, Is.EquivalentTo(new[] { "close Reset", "other closed Coupled" }));
    }

    [Test]
    public async Task Reset_of_the_reader_ends_the_pair()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener);
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = SendUntilGoneAsync(client, s_up);
        await AwaitStandstillAsync(server, client);
        Clients.Reset(upstream);
        await _journal.AwaitAsync(2);
        await sent;
        Assert.That(_journal.Entries, Is.EquivalentTo(new[] { "close Coupled", "other closed Reset" }));
    }

    [Test]
    public async Task Reader_that_reads_nothing_ends_by_the_deadline_for_sends()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener, o => o.Timeouts.Send = TimeSpan.FromMilliseconds(300));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = SendUntilGoneAsync(client, s_up);
        await _journal.AwaitAsync(2);
        await sent;
        Assert.That(_journal.Entries, Is.EquivalentTo(new[] { "close Coupled", "other closed SendTimeout" }));
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
    }

    [Test]
    public async Task Silence_after_a_stream_ends_by_the_deadline_for_idle_connections()
    {
        using Socket listener = Listen();
        GainServer server = StartRelay(listener, o => o.Timeouts.Idle = TimeSpan.FromMilliseconds(500));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = Clients.SendAllAsync(client, s_up);
        byte[] got = await Clients.ReceiveExactlyAsync(upstream, s_up.Length);
        await sent;
        Assert.That(got.AsSpan().SequenceEqual(s_up), "what the client sent");
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
        string[] entries = await _journal.AwaitAsync(2);
        Assert.That(string.Join(' ', entries), Does.Contain("IdleTimeout"));
    }

    [Test]
    public async Task What_other_threads_write_comes_whole_between_the_bytes_of_a_stream()
    {
        using Socket listener = Listen();
        var handle = new TaskCompletionSource<ConnectionHandle>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        GainServer server = Start(
            GainServer.Listen(new OpenRelay(handle, TargetOf(listener)), Address).Dial(new RelayEnd(null)));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        byte[] zeros = new byte[s_up.Length];
        byte[] ones = [.. Enumerable.Repeat((byte)1, 300_000)];
        Task sent = Clients.SendToEndAsync(client, zeros);
        await AwaitStandstillAsync(server, client);
        Assert.That((await handle.Task).TrySend(ones));
        byte[] got = await Clients.ReceiveToEndAsync(upstream);
        await sent;
        Assert.That(got, Has.Length.EqualTo(zeros.Length + ones.Length));
        int first = Array.IndexOf(got, (byte)1);
        Assert.That(got.AsSpan(first, ones.Length).SequenceEqual(ones), "they are in pieces");
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
    }

    [Test]
    public async Task Unix_sockets_are_spliced_to_and_from()
    {
        string path = Path.Combine(Path.GetTempPath(), $"gain-splice-{Environment.ProcessId}");
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var relay = new Relay(
            _journal, DialTarget.Parse($"unix://{path}"), atOnce: true, CouplingMode.Splice);
        GainServer server = Start(GainServer.Listen(relay, Address).Dial(new RelayEnd(_journal)));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        await ExchangeAsync(client, upstream);
        File.Delete(path);
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
    }

    [Test]
    public async Task Spliced_bytes_allocate_nothing_on_the_worker()
    {
        // As for dials: the JIT compiler allocates some kilobytes at moments of its own.
        await RelayAsync();
        Assert.That(await RelayAsync(), Is.LessThan(50_000));
    }

    private async Task<long> RelayAsync()
    {
        using Socket listener = Listen();
        var relay = new Relay(null, TargetOf(listener), atOnce: true, CouplingMode.Splice);
        GainServer server = Start(GainServer.Listen(relay, Address).Dial(new RelayEnd(null)));
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await AcceptAsync(listener);
        Task sent = Clients.SendToEndAsync(client, s_up);
        Assert.That(await Clients.ReceiveToEndAsync(upstream), Has.Length.EqualTo(s_up.Length));
        await sent;
        upstream.Shutdown(SocketShutdown.Send);
        await Clients.ReceiveToEndAsync(client);
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.BytesSpliced, Is.Positive);
        return server.Statistics.AllocatedBytes;
    }

    // Each sends all that it has while it receives what the other one does.
    private static async Task ExchangeAsync(Socket client, Socket upstream)
    {
        Task sentUp = Clients.SendToEndAsync(client, s_up);
        Task sentDown = Clients.SendToEndAsync(upstream, s_down);
        Task<byte[]> gotUp = Clients.ReceiveToEndAsync(upstream);
        Task<byte[]> gotDown = Clients.ReceiveToEndAsync(client);
        await Task.WhenAll(sentUp, sentDown, gotUp, gotDown);
        Assert.That((await gotUp).AsSpan().SequenceEqual(s_up), "what the client sent");
        Assert.That((await gotDown).AsSpan().SequenceEqual(s_down), "what the upstream sent");
    }

    private static async Task SendUntilGoneAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await Clients.SendAllAsync(socket, bytes);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The test, or the server, took the connection away.
        }
    }

    // Nothing more is taken in: the reader's socket is full, and a pipe or the queue has what is on its way.
    // What the writer has sent may all be in the server's own socket.
    private static async Task AwaitStandstillAsync(GainServer server, Socket client)
    {
        long last = 0;
        for (int same = 0; same < 200;)
        {
            long now = server.Statistics.BytesIn;
            bool isStill = now == last && now > 1_000_000 && !client.Poll(1_000, SelectMode.SelectError);
            same = isStill ? same + 1 : 0;
            last = now;
            await Task.Yield();
        }
    }
}
