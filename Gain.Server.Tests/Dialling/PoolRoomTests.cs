using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>What is kept unused stands in nobody's way at the limit on connections.</summary>
public class PoolRoomTests(GainRing ring) : ServerTest(ring)
{
    private const int Most = 10;

    private readonly List<Socket> _upstreams = [];
    private readonly List<Socket> _others = [];

    [TearDown]
    public void CloseSockets()
    {
        _upstreams.ForEach(socket => socket.Dispose());
        _others.ForEach(socket => socket.Dispose());
        _upstreams.Clear();
        _others.Clear();
    }

    // One client, and eight connections that it has given back: the last place stays free.
    private async Task<(GainServer Server, Socket Client)> StartAsync(
        Socket listener, ConnectionLimitPolicy policy, bool perWorker = false)
    {
        var journal = new Journal();
        var outgoing = new Borrowed(journal, "ping");
        var options = new GainOptions
        {
            WorkerCount = 1, Timeouts = { Linger = ShortLinger }, Accepting = { AtConnectionLimit = policy },
        };
        if (perWorker)
        {
            options.Limits.MaxConnectionsPerWorker = Most;
        }
        else
        {
            options.Limits.MaxConnections = Most;
        }

        var dials = new DialOptions { Pool = new PoolOptions { IdleTime = TimeSpan.FromHours(1) } };
        GainServer server = Start(
            GainServer
                .Listen(new Renting(outgoing, TargetOf(listener)), "tcp://127.0.0.1:0")
                .Dial(outgoing, dials),
            options);
        Socket client = await Clients.ConnectAsync(server);
        for (int i = 1; i <= Most - 2; i++)
        {
            await Clients.SendAllAsync(client, "q"u8.ToArray());
            _upstreams.Add(await AcceptAsync(listener));
        }

        for (int i = 1; i <= Most - 2; i++)
        {
            await Clients.ReceiveExactlyAsync(_upstreams[i - 1], 4);
            await Clients.SendAllAsync(_upstreams[i - 1], "pong"u8.ToArray());
            await journal.AwaitAsync(entry => entry == "close Returned", i);
        }

        await AwaitAsync(() => server.Statistics.IdleConnections == Most - 2, "connections are idle");
        return (server, client);
    }

    private async Task AssertClosedAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.That(await _upstreams[i].ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        }

        Assert.That(
            _upstreams.Skip(count).Select(one => one.Poll(0, SelectMode.SelectRead)), Has.None.True);
    }

    private static async Task AwaitAsync(Func<bool> condition, string what)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), what);
            await Task.Yield();
        }
    }

    private static void AssertGaveWay(GainServer server, int count)
    {
        GainStatistics counted = server.Statistics;
        Assert.That((counted.PoolClosedForRoom, counted.Refused), Is.EqualTo((count, 0)));
    }

    [Test]
    public async Task The_oldest_gives_way_to_a_client(
        [Values] ConnectionLimitPolicy policy, [Values] bool perWorker)
    {
        using Socket listener = Listen();
        (GainServer server, Socket client) = await StartAsync(listener, policy, perWorker);
        using Socket first = client;
        for (int i = 1; i <= 3; i++)
        {
            _others.Add(await Clients.ConnectAsync(server));
            await AssertClosedAsync(i);
            await AwaitLoadAsync(server, Most - 1);
        }

        AssertGaveWay(server, 3);
    }

    [Test]
    public async Task All_of_them_give_way_to_clients_that_come_at_once([Values] ConnectionLimitPolicy policy)
    {
        using Socket listener = Listen();
        (GainServer server, Socket client) = await StartAsync(listener, policy);
        using Socket first = client;
        Task<Socket>[] comers = [.. Enumerable.Range(0, Most - 1).Select(_ => Clients.ConnectAsync(server))];
        _others.AddRange(await Task.WhenAll(comers).WaitAsync(Clients.Patience));
        await AssertClosedAsync(Most - 2);
        await AwaitLoadAsync(server, Most);
        AssertGaveWay(server, Most - 2);

        // The limit is as it was.
        using Socket late = await Clients.ConnectAsync(server);
        if (policy == ConnectionLimitPolicy.Refuse)
        {
            await Clients.AssertEndedAsync(late);
        }
        else
        {
            first.Close();
            await AwaitAsync(() => server.Statistics.Accepted == Most + 1, "the one that waits is let in");
        }
    }

    [Test]
    public async Task The_oldest_gives_way_to_a_dial([Values] ConnectionLimitPolicy policy)
    {
        using Socket listener = Listen();
        using Socket target = Listen();
        (GainServer server, Socket client) = await StartAsync(listener, policy);
        using Socket first = client;
        var other = new Borrowed(new Journal(), "ping");
        for (int i = 1; i <= Most - 2; i++)
        {
            await server.DialAsync(other, TargetOf(target)).WaitAsync(Clients.Patience);
            await AssertClosedAsync(i);
            await AwaitLoadAsync(server, Most - 1);
        }

        AssertGaveWay(server, Most - 2);
        await server.DialAsync(other, TargetOf(target)).WaitAsync(Clients.Patience);
        Assert.That(
            () => server.DialAsync(other, TargetOf(target)),
            Throws.TypeOf<GainException>().With.Property("ErrorCode").EqualTo(GainError.LimitReached));
    }

    [Test]
    public async Task Connection_in_the_last_place_is_not_kept([Values] ConnectionLimitPolicy policy)
    {
        using Socket listener = Listen();
        (GainServer server, Socket client) = await StartAsync(listener, policy);
        using Socket first = client;
        for (int i = 1; i <= Most - 2; i++)
        {
            _others.Add(await Clients.ConnectAsync(server));
            await AssertClosedAsync(i);
            await AwaitLoadAsync(server, Most - 1);
        }

        await Clients.SendAllAsync(client, "q"u8.ToArray());
        using Socket upstream = await AcceptAsync(listener);
        await Clients.ReceiveExactlyAsync(upstream, 4);
        await Clients.SendAllAsync(upstream, "pong"u8.ToArray());
        Assert.That(await upstream.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        AssertGaveWay(server, Most - 1);
    }
}
