using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>Clients and workers in the numbers of the original's tests.</summary>
public sealed class ParityTrafficTests(GainRing ring, GainArchitecture architecture)
    : ParityTest(ring, architecture)
{
    [TestCase(1, 1)]
    [TestCase(1, 8)]
    [TestCase(8, 16)]
    public async Task Every_client_gets_its_bytes_back(int workers, int clients) =>
        await EchoAsync(Script.Echo(isAsync: false), new GainOptions { WorkerCount = workers }, clients);

    [TestCase(2)]
    [TestCase(8)]
    public async Task Answers_from_the_thread_pool_reach_the_client_that_asked(int workers) =>
        await EchoAsync(Script.Echo(isAsync: true), new GainOptions { WorkerCount = workers }, clients: 8);

    [TestCase(2)]
    [TestCase(8)]
    public async Task Answers_from_a_bounded_pool_reach_the_client_that_asked(int workers)
    {
        await using var pool = new BoundedPool(threads: 4, capacity: 64);
        var script = new Script
        {
            OnRead = (connection, data) =>
            {
                ConnectionHandle handle = connection.Handle;
                byte[] copy = data.ToArray();
                pool.Add(() => Posted.Send(handle, copy));
            },
        };
        await EchoAsync(script, new GainOptions { WorkerCount = workers }, clients: 8);
    }

    [Test]
    public async Task Many_clients_are_served_with_keep_alive()
    {
        var script = new Script
        {
            OnRead = static (connection, data) =>
            {
                Assert.That(connection.Socket.KeepAlive);
                Assert.That(connection.Socket.KeepAliveIdle, Is.EqualTo(TimeSpan.FromMinutes(1)));
                connection.Send(data);
            },
        };
        var options = new GainOptions
        {
            WorkerCount = 8,
            Sockets = { KeepAliveIdle = TimeSpan.FromMinutes(1) },
        };
        await EchoAsync(script, options, clients: 16);
    }

    [TestCase(8, 8)]
    [TestCase(4, 10)]
    public async Task Clients_that_are_connected_are_active_until_they_leave(int workers, int count)
    {
        var script = new Script();
        GainServer server = Start(new ScriptedProtocol(script), new GainOptions { WorkerCount = workers });
        Socket[] clients = await ConnectAsync(server, count);
        await script.Journal.AwaitAsync(static entry => entry == "accept", count);
        Assert.That(server.ActiveConnections, Is.EqualTo(count));

        foreach (Socket client in clients)
        {
            client.Close();
        }

        await script.Journal.AwaitAsync(static entry => entry == "close", count);

        // A connection is active until its OnClose has returned, and the entry is made in there.
        while (server.ActiveConnections != 0)
        {
            await Task.Yield();
        }

        Assert.That(await script.CountAsync(server, count), Is.EqualTo(new[] { 1, count, 0, 0, count }));
    }

    [Test]
    public async Task A_thousand_messages_come_back_on_one_connection()
    {
        var script = Script.Echo(isAsync: false);
        GainServer server = Start(new ScriptedProtocol(script), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 0; i < 1_000; i++)
        {
            byte[] message = Clients.Pattern(128, i);
            await Clients.SendAllAsync(client, message);
            Assert.That(await Clients.ReceiveExactlyAsync(client, 128), Is.EqualTo(message));
        }

        client.Close();
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 1_000, 1_000, 1 }));
    }

    [Test]
    public async Task Stop_ends_it_after_ten_clients_were_answered_and_a_second_stop_does_nothing()
    {
        GainServer server = Start(new EchoProtocol(), FourWorkers());
        Assert.That(server.IsRunning);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Exchanges.RunOneAsync(server, i, 1)));
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.IsRunning, Is.False);
        Assert.That(server.ActiveConnections, Is.Zero);
        GainStatistics statistics = server.Statistics;

        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics, Is.EqualTo(statistics));
        Assert.That(statistics.Accepted, Is.EqualTo(10));
        Assert.That(statistics.BytesOut, Is.EqualTo(10 * 512));
    }

    [Test]
    public async Task Stop_ends_the_connections_that_are_open()
    {
        GainServer server = Start(new EchoProtocol(), FourWorkers());
        Socket[] clients = await ConnectAsync(server, 10);
        foreach (Socket client in clients)
        {
            byte[] data = Clients.Pattern(1_024, client.GetHashCode());
            await Clients.SendAllAsync(client, data);
            Assert.That(await Clients.ReceiveExactlyAsync(client, data.Length), Is.EqualTo(data));
        }

        Assert.That(server.ActiveConnections, Is.EqualTo(10));
        Task stopped = server.StopAsync();
        foreach (Socket client in clients)
        {
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
            client.Dispose();
        }

        await stopped.WaitAsync(Clients.Patience);
        Assert.That(server.ActiveConnections, Is.Zero);
    }

    [Test]
    public async Task Close_from_a_handler_sends_what_was_written_and_then_ends([Values] bool isAsync)
    {
        Script script = Script.EchoAndClose(isAsync);
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] data = Clients.Pattern(18, 1);
        await Clients.SendAllAsync(client, data);
        Assert.That(await Clients.ReceiveExactlyAsync(client, data.Length), Is.EqualTo(data));

        // What the client sends now is dropped, and it is not reset for it.
        await script.Journal.AwaitAsync(static entry => entry == "close", 1);
        await Clients.SendAllAsync(client, data);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Close();
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    [Test]
    public async Task Close_from_a_handler_ends_a_connection_that_wrote_nothing([Values] bool isAsync)
    {
        Script script = isAsync
            ? new Script { OnReadElsewhere = static (handle, _) => Posted.Close(handle) }
            : new Script { OnRead = static (connection, _) => connection.Close() };
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Clients.Pattern(18, 1));

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Close();
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 1, 0, 1 }));
    }

    [Test]
    public async Task Addresses_are_those_that_the_clients_see()
    {
        var seen = new ConcurrentBag<string>();
        var script = new Script
        {
            OnRead = (connection, data) =>
            {
                IPEndPoint? local = connection.LocalEndPoint;
                IPEndPoint? remote = connection.RemoteEndPoint;
                Assert.That(connection.LocalAddress.ToIPEndPoint(), Is.EqualTo(local));
                Assert.That(connection.RemoteAddress.ToIPEndPoint(), Is.EqualTo(remote));
                Assert.That(SocketOptions.GetPeerEndPoint(connection.Descriptor), Is.EqualTo(remote));
                seen.Add($"{local} {remote}");
                connection.Send(data);
            },
        };
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        Socket[] clients = await ConnectAsync(server, 10);
        foreach (Socket client in clients)
        {
            byte[] data = Clients.Pattern(1_024, 1);
            await Clients.SendAllAsync(client, data);
            Assert.That(await Clients.ReceiveExactlyAsync(client, data.Length), Is.EqualTo(data));
        }

        string[] expected = [.. clients.Select(client => $"{client.RemoteEndPoint} {client.LocalEndPoint}")];
        Assert.That(seen, Is.EquivalentTo(expected));
        foreach (Socket client in clients)
        {
            client.Dispose();
        }
    }

    [Test]
    public async Task Sixteen_kibibytes_in_one_write_are_read_in_one_piece_and_come_back()
    {
        const int size = 16 << 10;
        GainServer server = Start(
            new BufferProtocol(static (connection, data) =>
            {
                // They may arrive in two pieces, and are read in one.
                if (data.Length < size)
                {
                    return 0;
                }

                connection.Send(data);
                return data.Length;
            }),
            FourWorkers());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] data = Clients.Pattern(size, 1);
        await Clients.SendAllAsync(client, data);

        Assert.That(await Clients.ReceiveExactlyAsync(client, size), Is.EqualTo(data));
    }

    // The original waits 100 ms between its writes; here the next one is sent when the last one was read.
    [Test]
    public async Task Ten_writes_one_after_another_are_ten_reads_without_an_answer([Values] bool isAsync)
    {
        var script = new Script
        {
            OnRead = static (_, data) => Assert.That(data.Length, Is.EqualTo(4_096)),
            OnReadElsewhere = isAsync ? static (_, _) => { } : null,
        };
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 1; i <= 10; i++)
        {
            await Clients.SendAllAsync(client, Clients.Pattern(4_096, i));
            await script.Journal.AwaitAsync(static entry => entry == "read", i);
        }

        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Close();
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 10, 0, 1 }));
    }

    private async Task EchoAsync(Script script, GainOptions options, int clients)
    {
        GainServer server = Start(new ScriptedProtocol(script), options);
        int[] counts = await Exchanges.RunAsync(server, script, clients);

        Assert.That(counts, Is.EqualTo(Exchanges.CountsOf(clients)));
    }

    private static Task<Socket[]> ConnectAsync(GainServer server, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Clients.ConnectAsync(server)));
}
