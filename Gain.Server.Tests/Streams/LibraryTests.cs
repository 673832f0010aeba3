using System.Net;
using StackExchange.Redis;
using StreamJsonRpc;

namespace Gain.Tests.Server.Streams;

/// <summary>Libraries that multiplex calls over one connection, with a session's stream or pipes on both
/// ends.</summary>
public class LibraryTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Calls_of_StreamJsonRpc_go_in_both_directions_at_once()
    {
        var journal = new Journal();
        GainServer server = Start(new RpcServer(journal), new GainOptions { WorkerCount = 1 });
        var loan = new StreamLoan();
        await using var client = new DialledStream(Ring, loan, new Journal());
        Stream stream = await client.DialAsync(DialTarget.Parse($"tcp://{server.EndPoints[0]}"));
        var listener = new Listener();
        using (var rpc = new JsonRpc(
            new HeaderDelimitedMessageHandler(stream, new SystemTextJsonFormatter())))
        {
            rpc.AddLocalRpcTarget<IListener>(listener, null);
#pragma warning disable StreamJsonRpc0003 // Most programs have proxies that are made at run time.
            ICalculator calculator = rpc.Attach<ICalculator>();
#pragma warning restore StreamJsonRpc0003
            rpc.StartListening();
            Assert.That(await calculator.AddAsync(40, 2).WaitAsync(Clients.Patience), Is.EqualTo(42));

            // Beyond the high watermark in both directions at once.
            string large = new('x', 3_000_000);
            Task<string>[] echoes = [.. Enumerable.Range(0, 4).Select(_ => calculator.EchoAsync(large))];
            Task<int>[] sums = [.. Enumerable.Range(0, 500).Select(i => calculator.AddAsync(i, i))];
            Task<int>[] heard = [.. Enumerable.Range(0, 5).Select(_ => calculator.CountDownAsync(20))];
            Assert.That(
                await Task.WhenAll(sums).WaitAsync(Clients.Patience),
                Is.EqualTo(Enumerable.Range(0, 500).Select(i => 2 * i)));
            Assert.That(await Task.WhenAll(heard).WaitAsync(Clients.Patience), Has.All.EqualTo(20));
            Assert.That(listener.Sum, Is.EqualTo(5 * 210));
            Assert.That(
                (await Task.WhenAll(echoes).WaitAsync(Clients.Patience)).All(text => text == large), Is.True);
            Assert.That(
                async () => await calculator.FailAsync("as asked"),
                Throws.InstanceOf<RemoteInvocationException>().With.Message.EqualTo("as asked"));
        }

        await journal.AwaitAsync(2);
        Assert.That(journal.Entries[0], Is.EqualTo("completed"));
        Assert.That(journal.Entries[1], Is.EqualTo("close PeerClosed ").Or.EqualTo("close Local "));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task HttpClient_multiplexes_HTTP2_requests_to_nginx_over_a_connection_that_was_dialled()
    {
        await using BalancerProcess nginx = await BalancerProcess.NginxHttp2PageAsync();
        var journal = new Journal();
        var loan = new StreamLoan();
        int dials = 0;
        await using var client = new DialledStream(Ring, loan, journal);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, _) =>
            {
                Interlocked.Increment(ref dials);
                return await client.DialAsync(
                    DialTarget.Parse($"tcp://127.0.0.1:{context.DnsEndPoint.Port}"));
            },
        };
        using var http = new HttpClient(handler)
        {
            Timeout = Clients.Patience,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        string root = $"http://127.0.0.1:{nginx.Port}";
        string[] pages = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(i => http.GetStringAsync($"{root}/{i}")));
        Assert.That(pages, Is.EqualTo(Enumerable.Range(0, 300).Select(i => $"page HTTP/2.0 GET /{i}")));

        // Its window is less: what is sent waits for what the other end reads.
        using var body = new ByteArrayContent(new byte[900_000]);
        using HttpResponseMessage posted = await http.PostAsync($"{root}/post", body);
        Assert.That(await posted.Content.ReadAsStringAsync(), Is.EqualTo("page HTTP/2.0 POST /post"));
        Assert.That(dials, Is.EqualTo(1));
        http.Dispose();
        await journal.AwaitAsync(2);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "delay False", "close Local" }));
    }

    [Test]
    public async Task StackExchange_Redis_talks_to_Redis_over_connections_that_were_dialled()
    {
        await using BalancerProcess redis = await BalancerProcess.RedisAsync();
        var journal = new Journal();
        var loan = new StreamLoan();
        await using (var client = new DialledStream(Ring, loan, journal))
        {
            var options = ConfigurationOptions.Parse($"127.0.0.1:{redis.Port}");
            options.Tunnel = new RedisTunnel(client);
            options.AsyncTimeout = options.ConnectTimeout = (int)Clients.Patience.TotalMilliseconds;
            await using ConnectionMultiplexer multiplexer =
                await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(Clients.Patience);
            IDatabase database = multiplexer.GetDatabase();
            byte[] large = Clients.Pattern(3_000_000, 9);
            await database.StringSetAsync("large", large).WaitAsync(Clients.Patience);
            Task<long>[] counts =
                [.. Enumerable.Range(0, 2_000).Select(_ => database.StringIncrementAsync("count"))];
            Assert.That(
                await Task.WhenAll(counts).WaitAsync(Clients.Patience),
                Is.EqualTo(Enumerable.Range(1, 2_000)));
            var heard = new TaskCompletionSource<string>();
            ISubscriber subscriber = multiplexer.GetSubscriber();
            await subscriber.SubscribeAsync(
                RedisChannel.Literal("news"), (_, message) => heard.TrySetResult($"{message}"))
                .WaitAsync(Clients.Patience);
            await database.PublishAsync(RedisChannel.Literal("news"), "hello").WaitAsync(Clients.Patience);
            Assert.That(await heard.Task.WaitAsync(Clients.Patience), Is.EqualTo("hello"));
            byte[]? got = await database.StringGetAsync("large").WaitAsync(Clients.Patience);
            Assert.That(got, Is.EqualTo(large));
        }

        await journal.AwaitAsync(4);
        Assert.That(journal.Entries, Has.Exactly(2).StartsWith("close "));
    }
}
