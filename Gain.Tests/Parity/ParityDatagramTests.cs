using System.Collections.Concurrent;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What the original's tests ask of UDP, in its numbers.</summary>
public sealed class ParityDatagramTests(GainRing ring, GainArchitecture architecture)
    : ParityTest(ring, architecture)
{
    private protected override string Address => "udp://127.0.0.1:0";

    [Test]
    public async Task Read_alone_is_no_answer([Values] bool isAsync)
    {
        var script = new DatagramScript
        {
            OnDatagram = static (_, data) => Assert.That(data.SequenceEqual(s_data)),
            OnDatagramElsewhere = isAsync ? static (_, _, _) => { } : null,
        };
        GainServer server = Start(new ScriptedDatagrams(script), FourWorkers());
        using var client = new DatagramClient(server);
        await client.SendAsync(s_data);

        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 0, 1, 0 }));
        Assert.That(server.Statistics.DatagramsOut, Is.Zero);
    }

    [Test]
    public async Task Read_and_write_are_one_answer([Values] bool isAsync)
    {
        DatagramScript script = DatagramScript.Echo(isAsync);
        GainServer server = Start(new ScriptedDatagrams(script), FourWorkers());
        using var client = new DatagramClient(server);
        await client.SendAsync(s_data);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo(s_data));

        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 0, 1, 0 }));
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(1));
    }

    [Test]
    public async Task Stop_that_nobody_waits_for_ends_the_server_after_the_exchange([Values] bool isAsync)
    {
        GainServer? started = null;
        DatagramScript script = isAsync
            ? new DatagramScript { OnStart = server => started = server, OnDatagramElsewhere = Posted.SendTo }
            : new DatagramScript
            {
                OnStart = server => started = server,
                OnDatagram = static (datagram, data) => datagram.Reply(data),
            };
        GainServer server = Start(new ScriptedDatagrams(script), FourWorkers());
        Assert.That(started, Is.SameAs(server));
        using var client = new DatagramClient(server);
        await client.SendAsync(s_data);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo(s_data));
        _ = started!.StopAsync();

        Assert.That(server.IsRunning, Is.False);
        await server.WaitForShutdownAsync().WaitAsync(Clients.Patience);
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 0, 1, 0 }));
    }

    [TestCase(1, 1)]
    [TestCase(1, 8)]
    [TestCase(8, 16)]
    public async Task Every_client_gets_its_datagrams_back(int workers, int clients) =>
        await EchoAsync(DatagramScript.Echo(isAsync: false), workers, clients);

    [Test]
    public async Task Answers_from_the_thread_pool_reach_the_client_that_asked() =>
        await EchoAsync(DatagramScript.Echo(isAsync: true), workers: 8, clients: 8);

    [Test]
    public async Task Answers_from_a_bounded_pool_reach_the_client_that_asked()
    {
        await using var pool = new BoundedPool(threads: 4, capacity: 64);
        var script = new DatagramScript
        {
            OnDatagram = (datagram, data) =>
            {
                DatagramHandle handle = datagram.Handle;
                GainAddress sender = datagram.RemoteAddress;
                byte[] copy = data.ToArray();
                pool.Add(() => Posted.SendTo(handle, sender, copy));
            },
        };
        await EchoAsync(script, workers: 8, clients: 8);
    }

    [Test]
    public async Task A_thousand_datagrams_come_back_to_one_client()
    {
        DatagramScript script = DatagramScript.Echo(isAsync: false);
        GainServer server = Start(new ScriptedDatagrams(script), new GainOptions { WorkerCount = 1 });
        using var client = new DatagramClient(server);
        await client.EchoAsync(times: 1_000, length: 128, seed: 1);

        Assert.That(await script.CountAsync(server, 1_000), Is.EqualTo(new[] { 1, 0, 1_000, 0 }));
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(1_000));
    }

    [Test]
    public async Task Stop_ends_it_after_ten_clients_were_answered_and_a_second_stop_does_nothing()
    {
        DatagramScript script = DatagramScript.Echo(isAsync: false);
        GainServer server = Start(new ScriptedDatagrams(script), FourWorkers());
        Assert.That(server.IsRunning);
        await ExchangeAsync(server, clients: 10, times: 1, length: 512);
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.IsRunning, Is.False);
        GainStatistics statistics = server.Statistics;

        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics, Is.EqualTo(statistics));
        Assert.That(await script.CountAsync(server, 10), Is.EqualTo(new[] { 1, 0, 10, 0 }));
    }

    // The original keeps an object for each peer for a while; here there is none to be left behind.
    [Test]
    public async Task No_connection_is_active()
    {
        int active = -1;
        GainServer? started = null;
        var script = new DatagramScript
        {
            OnStart = server => started = server,
            OnDatagram = (datagram, data) =>
            {
                active = Math.Max(active, started!.ActiveConnections);
                datagram.Reply(data);
            },
        };
        GainServer server = Start(new ScriptedDatagrams(script), new GainOptions { WorkerCount = 1 });
        await ExchangeAsync(server, clients: 10, times: 1, length: 1_024);

        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That(await script.CountAsync(server, 10), Is.EqualTo(new[] { 1, 0, 10, 0 }));
        Assert.That(active, Is.Zero);
        Assert.That(server.Statistics.Accepted, Is.Zero);
    }

    [Test]
    public async Task Addresses_are_those_that_the_clients_see()
    {
        var seen = new ConcurrentBag<string>();
        var script = new DatagramScript
        {
            OnDatagram = (datagram, data) =>
            {
                seen.Add($"{datagram.LocalAddress} {datagram.RemoteAddress}");
                datagram.Reply(data);
            },
        };
        GainServer server = Start(new ScriptedDatagrams(script), FourWorkers());
        var expected = new List<string>();
        for (int i = 0; i < 10; i++)
        {
            using var client = new DatagramClient(server);
            await client.EchoAsync(times: 1, length: 1_024, seed: i);
            expected.Add($"{client.Socket.RemoteEndPoint} {client.Socket.LocalEndPoint}");
        }

        Assert.That(seen, Is.EquivalentTo(expected));
    }

    // One socket has all peers, so that there is nothing to be set for each: options hold for the socket.
    [Test]
    public async Task Socket_has_the_buffers_that_were_asked_for()
    {
        var script = new DatagramScript
        {
            OnDatagram = static (datagram, data) =>
            {
                int level = SocketAbi.SOL_SOCKET;
                _ = SocketOptions.GetInt(datagram.Descriptor, level, SocketAbi.SO_RCVBUF, out int receive);
                _ = SocketOptions.GetInt(datagram.Descriptor, level, SocketAbi.SO_SNDBUF, out int send);
                Assert.That((receive, send), Is.EqualTo((2 * 4_096, 2 * 8_192)));
                datagram.Reply(data);
            },
        };
        GainOptions options = FourWorkers();
        (options.Sockets.ReceiveBufferBytes, options.Sockets.SendBufferBytes) = (4_096, 8_192);
        GainServer server = Start(new ScriptedDatagrams(script), options);
        using var client = new DatagramClient(server);
        await client.EchoAsync(times: 1, length: 512, seed: 1);

        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 0, 1, 0 }));
    }

    private async Task EchoAsync(DatagramScript script, int workers, int clients)
    {
        const int times = 2;
        GainServer server = Start(new ScriptedDatagrams(script), new GainOptions { WorkerCount = workers });
        await ExchangeAsync(server, clients, times, length: 512);

        Assert.That(
            await script.CountAsync(server, clients * times),
            Is.EqualTo(new[] { 1, 0, clients * times, 0 }));
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(clients * times));
    }

    private static Task ExchangeAsync(GainServer server, int clients, int times, int length) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(async seed =>
        {
            using var client = new DatagramClient(server);
            await client.EchoAsync(times, length, seed);
        }));
}
