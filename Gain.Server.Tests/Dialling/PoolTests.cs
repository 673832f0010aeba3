using System.Net;
using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>Connections that are kept when nobody needs them, over real sockets.</summary>
public class PoolTests(GainRing ring) : ServerTest(ring)
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(20);

    private static DialOptions Options(int perTarget = 16, int all = 256, TimeSpan? idle = null) => new()
    {
        Pool = new PoolOptions { MaxIdlePerTarget = perTarget, MaxIdle = all, IdleTime = idle ?? s_never },
    };

    private static void AssertCounted(
        GainServer server,
        long hits = 0,
        long misses = 0,
        long idle = 0,
        long rented = 0,
        long closedByPeer = 0,
        long closedByTime = 0,
        long closedByLimit = 0)
    {
        GainStatistics counted = server.Statistics;
        Assert.That(
            (counted.PoolHits, counted.PoolMisses, counted.IdleConnections, counted.RentedConnections),
            Is.EqualTo((hits, misses, idle, rented)));
        Assert.That(
            (counted.PoolClosedByPeer, counted.PoolClosedByTime, counted.PoolClosedByLimit),
            Is.EqualTo((closedByPeer, closedByTime, closedByLimit)));
        Assert.That(counted.PoolClosedForRoom, Is.Zero);
    }

    private GainServer StartRenting(
        Journal journal,
        DialTarget target,
        DialOptions options,
        string request = "ping",
        bool isUnsent = false,
        RecordingLogger? logger = null)
    {
        var outgoing = new Borrowed(journal, request, isUnsent);
        return Start(
            GainServer.Listen(new Renting(outgoing, target), "tcp://127.0.0.1:0").Dial(outgoing, options),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger }, Logger = logger });
    }

    private static async Task AnswerAsync(Socket upstream, string answer = "pong")
    {
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("ping"u8.ToArray()));
        await Clients.SendAllAsync(upstream, System.Text.Encoding.ASCII.GetBytes(answer));
    }

    private static Task AskAsync(Socket client, string what = "q") =>
        Clients.SendAllAsync(client, System.Text.Encoding.ASCII.GetBytes(what));

    private static bool Closes(string entry) => entry.StartsWith("close", StringComparison.Ordinal);

    [Test]
    public async Task Connection_that_was_returned_is_rented_again()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        for (int i = 1; i <= 3; i++)
        {
            await AnswerAsync(upstream);
            await journal.AwaitAsync(Closes, i);
            await AwaitLoadAsync(server, 2);
            await AskAsync(client);
        }

        string[] once = ["connect", "read pong", "close Returned"];
        Assert.That(
            (await journal.AwaitAsync(10))[..10], Is.EqualTo([.. once, .. once, .. once, "connect"]));
        AssertCounted(server, hits: 3, misses: 1, rented: 1);
        Assert.That(listener.Poll(0, SelectMode.SelectRead), Is.False, "a second connection");
    }

    [TestCase(SocketShutdown.Send, false, "")]
    [TestCase(SocketShutdown.Both, true, "")]
    [TestCase(null, false, "unasked")]
    public async Task Connection_whose_peer_does_something_meanwhile_is_closed_and_not_rented(
        SocketShutdown? shutdown, bool resets, string says)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        await journal.AwaitAsync(3);
        await AwaitLoadAsync(server, 2);
        if (resets)
        {
            Clients.Reset(upstream);
        }
        else if (shutdown is { } side)
        {
            upstream.Shutdown(side);
        }
        else
        {
            await AskAsync(upstream, says);
        }

        // At once, without anybody who rents.
        await AwaitLoadAsync(server, 1);
        AssertCounted(server, misses: 1, closedByPeer: 1);
        await AskAsync(client);
        using Socket next = await AcceptAsync(listener);
        await AnswerAsync(next);
        Assert.That((await journal.AwaitAsync(6))[^1], Is.EqualTo("close Returned"));
    }

    // What the peer has done before the client asks is known before the connection is handed out, although
    // the worker may learn both in the same turn.
    [Test]
    public async Task Connection_that_ends_right_before_it_is_rented_is_never_handed_out(
        [Range(0, 2)] int how)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        client.NoDelay = true;
        var ended = new List<Socket>();
        for (int i = 1; i <= 200; i++)
        {
            await AskAsync(client);
            Socket upstream = await AcceptAsync(listener);
            await AnswerAsync(upstream);
            await journal.AwaitAsync(Closes, i);
            if (how == 0)
            {
                upstream.Shutdown(SocketShutdown.Send);
            }
            else if (how == 1)
            {
                Clients.Reset(upstream);
            }
            else
            {
                upstream.Send("!"u8);
            }

            ended.Add(upstream);
        }

        string[] once = ["connect", "read pong", "close Returned"];
        Assert.That(journal.Entries, Is.EqualTo(Enumerable.Repeat(once, 200).SelectMany(one => one)));
        await AwaitLoadAsync(server, 1);
        AssertCounted(server, misses: 200, closedByPeer: 200);
        ended.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task One_too_many_for_a_target_closes_the_oldest([Values] bool inAll)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(
            journal, TargetOf(listener), Options(perTarget: inAll ? 9 : 2, all: inAll ? 2 : 9));
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client, "qqq");
        Socket[] upstreams =
        [
            await AcceptAsync(listener), await AcceptAsync(listener), await AcceptAsync(listener),
        ];
        for (int i = 0; i < 3; i++)
        {
            await AnswerAsync(upstreams[i]);
            await journal.AwaitAsync(Closes, i + 1);
        }

        Assert.That(await upstreams[0].ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        upstreams[0].Dispose();
        await AwaitLoadAsync(server, 3);
        AssertCounted(server, misses: 3, idle: 2, closedByLimit: 1);

        // The last one is the first to be rented.
        await AskAsync(client);
        await AnswerAsync(upstreams[2]);
        await journal.AwaitAsync(Closes, 4);
        await AskAsync(client, "qq");
        await AnswerAsync(upstreams[1]);
        await AnswerAsync(upstreams[2]);
        await journal.AwaitAsync(Closes, 6);
        upstreams[1].Dispose();
        upstreams[2].Dispose();
        await AwaitLoadAsync(server, 1);
    }

    [Test]
    public async Task Idle_time_closes_it()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(
            journal, TargetOf(listener), Options(idle: TimeSpan.FromMilliseconds(20)));
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        Assert.That(await upstream.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        await AwaitLoadAsync(server, 1);
        AssertCounted(server, misses: 1, closedByTime: 1);
    }

    [Test]
    public async Task Stop_does_not_wait_for_what_is_kept()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        await journal.AwaitAsync(3);
        await server.StopAsync(TimeSpan.FromHours(1)).WaitAsync(Clients.Patience);
        Assert.That(await upstream.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
    }

    [Test]
    public async Task Return_is_refused_while_something_is_to_be_sent()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options(), isUnsent: true);
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        Assert.That((await journal.AwaitAsync(3))[2], Is.EqualTo(
            "The connection cannot be returned: what was written to it is not sent yet. Close it, or ask "
            + "TryReturn."));
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("more"u8.ToArray()));
    }

    [Test]
    public async Task Rent_and_Return_without_a_pool_say_what_is_missing()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        var logger = new RecordingLogger();
        GainServer server = StartRenting(journal, TargetOf(listener), new DialOptions(), logger: logger);
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        await Clients.AssertEndedAsync(client);
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
        Assert.That((await logger.Messages.AwaitAsync(1))[0], Does.EndWith(
            "Borrowed was rented, and nothing is kept that could be: set DialOptions.Pool where "
            + ".Dial(new Borrowed(), options) is called, or use Dial."));
        await server.DialAsync(new Borrowed(journal, "ping"), TargetOf(listener));
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        Assert.That((await journal.AwaitAsync(3))[2], Does.StartWith(
            "The connection cannot be returned: it was not dialled with DialOptions.Pool"));
    }

    [Test]
    public async Task Handle_from_before_it_was_returned_names_nothing()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        using Socket other = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        await journal.AwaitAsync(3);
        await AwaitLoadAsync(server, 3);
        await AskAsync(other);
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("ping"u8.ToArray()));
        await AskAsync(client, "sq");
        using Socket second = await AcceptAsync(listener);
        await AnswerAsync(second);
        Assert.That(upstream.Available, Is.Zero, "bytes of who had it before");
    }

    [Test]
    public async Task Connection_stays_where_whoever_rents_it_thinks_better_of_it()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = StartRenting(journal, TargetOf(listener), Options());
        using Socket client = await Clients.ConnectAsync(server);
        await AskAsync(client);
        using Socket upstream = await AcceptAsync(listener);
        await AnswerAsync(upstream);
        await journal.AwaitAsync(3);
        await AskAsync(client, "c");
        await journal.AwaitAsync(4);
        Assert.That(journal.Entries[^1], Is.EqualTo("failed Cancelled"));
        await AwaitLoadAsync(server, 2);
        await AskAsync(client);
        await AnswerAsync(upstream);
        await journal.AwaitAsync(7);
    }

    [Test]
    public async Task Bytes_that_come_behind_an_end_in_order_do_not_cut_it_off_although_others_are_kept()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        await using GainClient<Ending> client = GainClient.Start(
            new Ending(journal),
            Options(),
            new GainOptions { Ring = Ring, WorkerCount = 1, Timeouts = { Linger = Clients.Patience } });
        await client.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience);
        using Socket upstream = await AcceptAsync(listener);
        await AskAsync(upstream, "one");
        await journal.AwaitAsync(1);
        for (int i = 0; i < 3; i++)
        {
            // What a socket that is closed gets is answered by a reset. The worker has read it before it
            // dials.
            await AskAsync(upstream, "more");
            await client.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience);
            (await AcceptAsync(listener)).Dispose();
        }

        Assert.That(await upstream.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        upstream.Shutdown(SocketShutdown.Send);
        await AwaitLoadAsync(client.Server, 0);
    }

    // A second line that came with the first one would be the answer to the next one's question.
    [Test]
    public async Task Connection_with_more_than_was_asked_for_is_not_kept()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        var prototype = new BorrowedLine(journal);
        await using GainClient<BorrowedLine> client = GainClient.Start(
            prototype, Options(), new GainOptions { Ring = Ring, WorkerCount = 1 });
        await client.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience);
        using Socket upstream = await AcceptAsync(listener);
        await AskAsync(upstream, "one\ntwo\n");
        Assert.That(await journal.AwaitAsync(3), Is.EqualTo(new[]
        {
            "connect", "frame one", "close Returned",
        }));
        await AwaitLoadAsync(client.Server, 0);
    }

    // Nobody knows whose answer it would be.
    [Test]
    public async Task Connection_with_bytes_that_its_handler_has_left_is_not_kept()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        await using GainClient<BorrowedUnread> client = GainClient.Start(
            new BorrowedUnread(journal), Options(), new GainOptions { Ring = Ring, WorkerCount = 1 });
        await client.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience);
        using Socket upstream = await AcceptAsync(listener);
        await AskAsync(upstream, "one");
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(new[] { "read 3", "close Returned" }));
        Assert.That(await upstream.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        upstream.Dispose();
        await AwaitLoadAsync(client.Server, 0);
        AssertCounted(client.Server);
    }

    [Test]
    public async Task Nginx_answers_on_a_connection_that_is_kept_until_it_closes_it()
    {
        var journal = new Journal();
        await using BalancerProcess nginx = await BalancerProcess.NginxHttpAsync(requests: 2);
        GainServer server = StartRenting(
            journal,
            DialTarget.Parse($"tcp://127.0.0.1:{nginx.Port}"),
            Options(),
            "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 0; i < 4; i++)
        {
            await AskAsync(client);
            await journal.AwaitAsync(Closes, i + 1);
            await AwaitLoadAsync(server, i % 2 == 0 ? 2 : 1);
        }

        string[] reads =
        [
            .. journal.Entries.Where(entry => entry.StartsWith("read", StringComparison.Ordinal)),
        ];
        Assert.That(reads.Select(read => read[^1]), Is.EqualTo("1212"));
        Assert.That(reads[0][..^2], Is.EqualTo(reads[1][..^2]).And.Not.EqualTo(reads[2][..^2]));
    }

    [Test]
    public async Task Ten_thousand_rents_allocate_nothing_on_the_worker()
    {
        const int times = 10_000;
        GainServer echo = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.Parse(echo.Addresses[0]);
        long allocated = 0;
        for (int run = 0; run < 2; run++)
        {
            var countdown = new DialCountdown(times);
            GainClient<BorrowedAgain> client = GainClient.Start(
                new BorrowedAgain(target, times, countdown),
                Options(),
                new GainOptions { Ring = Ring, WorkerCount = 1 });
            await using (client)
            {
                await client.DialAsync(target).WaitAsync(Clients.Patience);
                await countdown.Over.WaitAsync(Clients.Patience);
            }

            Assert.That(client.Server.Statistics.Connected, Is.EqualTo(times));
            allocated = client.Server.Statistics.AllocatedBytes;
        }

        Assert.That(allocated, Is.LessThan(150_000));
        Assert.That(echo.Statistics.Accepted, Is.LessThan(10), "connections that were dialled anew");
    }

    [Test]
    public void Value_that_is_none_is_refused() => Assert.Multiple(() =>
    {
        AssertRefused(Options(perTarget: 0), "MaxIdlePerTarget is 0");
        AssertRefused(Options(all: 65_537), "MaxIdle is 65,537");
        AssertRefused(Options(idle: TimeSpan.Zero), "IdleTime is 00:00:00");
        AssertRefused(Options(idle: Timeout.InfiniteTimeSpan), "IdleTime is -00:00:00.0010000");
    });

    private static void AssertRefused(DialOptions options, string what) => Assert.That(
        () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new EchoProtocol(), options),
        Throws.TypeOf<GainException>().With.Message.StartsWith($"DialOptions.Pool.{what}, but must be "));
}
