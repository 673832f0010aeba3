using System.Net.Sockets;
using Gain.CompilerServices;
using Gain.Kernel;

namespace Gain.Tests.Server;

/// <summary>
/// Servers with an acceptor: who gets which connection, and what becomes of those that nobody can take.
/// </summary>
public class ReactorTests(GainRing ring) : ServerTest(ring)
{
    private const int Workers = 4;

    [Test]
    public async Task Round_robin_gives_connections_to_one_worker_after_the_other()
    {
        var journal = new Journal();
        GainServer server = Start(new WorkerIndexProtocol(journal), Reactor(GainBalancing.RoundRobin));
        List<Socket> clients = [];
        for (int i = 0; i < 2 * Workers; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(clients.Count);
        }

        Assert.That(journal.Entries, Is.EqualTo(new[] { "0", "1", "2", "3", "0", "1", "2", "3" }));
        Assert.That(server.ConnectionsPerWorker, Is.EqualTo(new[] { 2, 2, 2, 2 }));
        await UntilAsync(() => server.Statistics.HandedOver == 8);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Least_connections_fills_the_workers_that_others_have_left()
    {
        var journal = new Journal();
        GainServer server = Start(new WorkerIndexProtocol(journal), Reactor(GainBalancing.LeastConnections));
        List<Socket> clients = await ConnectAsync(server, journal, 2 * Workers);
        Assert.That(server.ConnectionsPerWorker, Is.EqualTo(new[] { 2, 2, 2, 2 }));

        // Both of worker 1 and one of worker 3 leave.
        int[] leaving = [.. Enumerable.Range(0, clients.Count).Where(i => journal.Entries[i] == "1")];
        leaving = [.. leaving, Array.IndexOf(journal.Entries, "3")];
        foreach (int client in leaving)
        {
            clients[client].Dispose();
        }

        await UntilAsync(() => server.ConnectionsPerWorker.Sum() == clients.Count - leaving.Length);
        clients.AddRange(await ConnectAsync(server, journal, 3));
        Assert.That(journal.Entries[^3..], Is.EqualTo(new[] { "1", "1", "3" }));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Connections_of_one_address_go_to_one_worker_by_the_hash_of_the_address()
    {
        RequireTcp("Unix sockets have no address.");
        var journal = new Journal();
        GainServer server = Start(new WorkerIndexProtocol(journal), Reactor(GainBalancing.SourceIPHash));
        List<Socket> clients = await ConnectAsync(server, journal, 2 * Workers);
        var balancer = default(SourceIPHashBalancer);
        var peer = GainAddress.FromIPEndPoint(server.EndPoints[0]);
        int picked = balancer.Pick(peer, new WorkerLoads(new int[Workers]));
        Assert.That(journal.Entries, Has.All.EqualTo($"{picked}"));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Balancer_of_the_users_sees_who_connects_and_every_workers_load()
    {
        var journal = new Journal();
        var seen = new Journal();
        GainServer server = Start(
            new WorkerIndexProtocol(journal), Reactor(), new DescendingBalancer(seen));
        List<Socket> clients = await ConnectAsync(server, journal, 5);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "3", "2", "1", "0", "3" }));
        string[] entries = await seen.AwaitAsync(5);
        string[] peers = [.. clients.Select(client => PeerOf(client))];
        Assert.That(
            entries,
            Is.EqualTo(new[]
            {
                $"{peers[0]} 0 0 0 0",
                $"{peers[1]} 0 0 0 1",
                $"{peers[2]} 0 0 1 1",
                $"{peers[3]} 0 1 1 1",
                $"{peers[4]} 1 1 1 1",
            }));
        clients.ForEach(client => client.Dispose());
    }

    [TestCase("throw", "The balancer UnrulyBalancer threw")]
    [TestCase("-1", "picked worker -1, but there are only 0 to 3")]
    [TestCase("4", "picked worker 4, but there are only 0 to 3")]
    public async Task What_a_balancer_does_wrong_costs_the_one_connection(string wrong, string message)
    {
        var journal = new Journal();
        var logger = new RecordingLogger();
        GainOptions options = Reactor();
        options.Logger = logger;
        var plan = new Queue<string>(["1", wrong, wrong, "2"]);
        GainServer server = Start(new WorkerIndexProtocol(journal), options, new UnrulyBalancer(plan));
        List<Socket> clients = [];
        for (int i = 0; i < 4; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            clients.Add(client);
            if (i is 1 or 2)
            {
                await AssertClosedAsync(client);
            }
            else
            {
                await journal.AwaitAsync(i == 0 ? 1 : 2);
            }
        }

        Assert.That(journal.Entries, Is.EqualTo(new[] { "1", "2" }));
        Assert.That(server.Statistics.RefusedByBalancer, Is.EqualTo(2));
        Assert.That(server.Statistics.Refused, Is.EqualTo(2));
        Assert.That(server.ConnectionsPerWorker, Is.EqualTo(new[] { 0, 1, 1, 0 }));
        Assert.That(logger.Messages.Entries, Has.Exactly(2).Contains(message));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Connections_of_several_addresses_are_handed_over_to_their_own_protocols()
    {
        var journal = new Journal();
        GainOptions options = Reactor();
        options.Ring = Ring;
        await using GainServer server = GainServer
            .Listen(new EchoProtocol(), "tcp://127.0.0.1:0")
            .Listen(new GreetingProtocol(journal, "hello"u8.ToArray(), aborts: false), "tcp://127.0.0.1:0")
            .Start(options, default(RoundRobinBalancer));
        for (int i = 0; i < Workers; i++)
        {
            using Socket echoed = await ConnectToAsync(server.EndPoints[0]);
            await Clients.SendAllAsync(echoed, "x"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(echoed, 1), Is.EqualTo("x"u8.ToArray()));
            using Socket greeted = await ConnectToAsync(server.EndPoints[1]);
            Assert.That(await Clients.ReceiveToEndAsync(greeted), Is.EqualTo("hello"u8.ToArray()));
        }

        await UntilAsync(() => server.Statistics.HandedOver == 2 * Workers);
    }

    [Test]
    public async Task Many_clients_at_once_are_all_answered_by_their_workers()
    {
        const int rounds = 16;
        GainServer server = Start(new EchoProtocol(), Reactor(GainBalancing.LeastConnections));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            for (int round = 0; round < rounds; round++)
            {
                using Socket client = await Clients.ConnectAsync(server);
                byte[] sent = Clients.Pattern(10_000, (seed * rounds) + round);
                Task sending = Clients.SendAllAsync(client, sent);
                byte[] received = await Clients.ReceiveExactlyAsync(client, sent.Length);
                await sending;
                Assert.That(received.AsSpan().SequenceEqual(sent));
            }
        })));
        await UntilAsync(() => server.ConnectionsPerWorker.Sum() == 0);
        await UntilAsync(() => server.Statistics.HandedOver == 8 * rounds);
        Assert.That(server.Statistics.Accepted, Is.EqualTo(8 * rounds));
    }

    [Test]
    public async Task Sockets_wait_at_the_acceptor_while_a_workers_mailbox_is_full()
    {
        const int waiting = 20;
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        GainServer server = Start(
            new BlockingProtocol(entered, release),
            new GainOptions
            {
                WorkerCount = 1,
                Architecture = GainArchitecture.Reactor,
                Limits = { MailboxCapacity = 2 },
            });
        using Socket blocking = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(blocking, "block"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));
        List<Socket> clients = [];
        for (int i = 0; i < waiting; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await Clients.SendAllAsync(clients[^1], new byte[] { (byte)i });
        }

        // Two commands fit; who does not wait at the acceptor waits in the listen queue.
        await UntilAsync(() => server.Statistics.PendingHandOvers >= 1);
        Assert.That(server.Statistics.HandedOver, Is.EqualTo(3));
        release.Set();
        for (int i = 0; i < waiting; i++)
        {
            Assert.That(await Clients.ReceiveExactlyAsync(clients[i], 1), Is.EqualTo(new[] { (byte)i }));
        }

        Assert.That(server.Statistics.PendingHandOvers, Is.Zero);
        Assert.That(server.Statistics.Refused, Is.Zero);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Stop_closes_what_waits_for_a_hand_over_and_what_is_in_a_mailbox()
    {
        int before = Descriptors.Sockets();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        GainServer server = Start(
            new BlockingProtocol(entered, release),
            new GainOptions
            {
                WorkerCount = 1,
                Architecture = GainArchitecture.Reactor,
                Limits = { MailboxCapacity = 2 },
                // What waits for a hand-over is refused at this deadline.
                Timeouts = { Drain = TimeSpan.FromMilliseconds(300) },
            });
        List<Socket> clients = [await Clients.ConnectAsync(server)];
        await Clients.SendAllAsync(clients[0], "block"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        await UntilAsync(() => server.Statistics.PendingHandOvers >= 1);
        Task stopped = server.StopAsync();
        await UntilAsync(() => server.Statistics.PendingHandOvers == 0);
        release.Set();
        foreach (Socket client in clients)
        {
            await AssertClosedAsync(client);
            client.Dispose();
        }

        await stopped.WaitAsync(Clients.Patience);
        Assert.That(server.ConnectionsPerWorker, Has.All.Zero);
        await UntilAsync(() => Descriptors.Sockets() <= before);
    }

    [Test]
    public async Task Stop_while_clients_storm_in_leaves_nobody_without_an_end()
    {
        int before = Descriptors.Sockets();
        GainServer server = Start(new EchoProtocol(), Reactor(GainBalancing.LeastConnections));
        using var storming = new CountdownEvent(200);
        Task[] clients =
            [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => StormAsync(server, storming)))];
        Assert.That(storming.Wait(Clients.Patience));
        await server.StopAsync().WaitAsync(Clients.Patience);
        await server.StopAsync().WaitAsync(Clients.Patience);
        await Task.WhenAll(clients).WaitAsync(Clients.Patience);
        Assert.That(server.ConnectionsPerWorker, Has.All.Zero);
        GainStatistics statistics = server.Statistics;
        Assert.That(statistics.HandedOver, Is.AtLeast(statistics.Accepted));
        await UntilAsync(() => Descriptors.Sockets() <= before);
    }

    [Test]
    public async Task Clients_wait_in_the_listen_queue_at_the_limit_and_are_served_when_others_leave()
    {
        const int limit = 3;
        var journal = new Journal();
        GainOptions options = Reactor(GainBalancing.LeastConnections);
        options.Limits.MaxConnections = limit;
        options.Accepting.AtConnectionLimit = ConnectionLimitPolicy.StopAccepting;
        GainServer server = Start(new WorkerIndexProtocol(journal), options);
        List<Socket> clients = await ConnectAsync(server, journal, limit);
        for (int i = 0; i < 10; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        for (int served = limit; served < clients.Count; served++)
        {
            Assert.That(server.ActiveConnections, Is.AtMost(limit));
            clients[served - limit].Dispose();
            await journal.AwaitAsync(served + 1);
        }

        Assert.That(server.Statistics.Refused, Is.Zero);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Connections_closed_in_OnAccept_count_for_no_worker_afterwards()
    {
        var journal = new Journal();
        GainServer server = Start(
            new GreetingProtocol(journal, "bye"u8.ToArray(), aborts: false), Reactor());
        for (int i = 0; i < 2 * Workers; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("bye"u8.ToArray()));
        }

        await UntilAsync(() => server.ConnectionsPerWorker.Sum() == 0);
        Assert.That(journal.Entries, Has.Length.EqualTo(2 * Workers));
    }

    [Test]
    public async Task Balancer_that_stops_the_server_does_not_wait_for_itself()
    {
        var cell = new ServerCell();
        GainOptions options = Reactor();
        options.Timeouts.Linger = ShortLinger;
        GainServer server = Start(new EchoProtocol(), options, new StoppingBalancer(cell));
        cell.Server = server;
        using Socket client = await Clients.ConnectAsync(server);
        await AssertClosedAsync(client);
        await server.WaitForShutdownAsync().WaitAsync(Clients.Patience);
    }

    [Test]
    public void Threads_are_named_after_workers_and_acceptor()
    {
        Start(new EchoProtocol(), Reactor());
        string[] names = [.. Directory.GetDirectories("/proc/self/task")
            .Select(task => File.ReadAllText(Path.Combine(task, "comm")).Trim())
            .Where(name => name.StartsWith("gain-worker", StringComparison.Ordinal)
                || name.StartsWith("gain-acceptor", StringComparison.Ordinal))];
        Assert.That(names, Is.EquivalentTo(new[]
        {
            "gain-acceptor-0", "gain-worker-0", "gain-worker-1", "gain-worker-2", "gain-worker-3",
        }));
    }

    [Test]
    public async Task Failed_acceptor_stops_the_server_with_the_reason_and_closes_its_connections()
    {
        if (Ring != GainRing.Uring)
        {
            Assert.Ignore("Only an io_uring can be told of a completion from outside.");
        }

        int[] before = Descriptors.Rings();
        var logger = new RecordingLogger();
        GainOptions options = Reactor();
        options.Logger = logger;
        options.Ring = Ring;
        GainServer server = GainServer.Start(new EchoProtocol(), Address, options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        // A completion that workers may get, and the acceptor never asked for.
        ulong mail = Token.Pack(Operation.Mail, 0, 0);
        foreach (int ring in Descriptors.Rings().Except(before))
        {
            int result = Gain.Uring.Ring.SendMessage(ring, 0, mail);
            if (result == -Errno.EINVAL)
            {
                await server.StopAsync();
                Assert.Ignore("This kernel cannot send messages to a ring without one (Linux 6.13).");
            }

            Assert.That(result, Is.Zero);
        }

        GainException failed = Assert.ThrowsAsync<GainException>(
            () => server.WaitForShutdownAsync().WaitAsync(Clients.Patience))!;
        Assert.That(failed.ErrorCode, Is.EqualTo(GainError.WorkerFailed));
        Assert.That(failed.Message, Does.Match("^The acceptor failed"));
        Assert.That(server.ActiveConnections, Is.Zero);
        await AssertClosedAsync(client);
        Assert.That(Descriptors.Rings(), Is.EqualTo(before));
    }

    private static GainOptions Reactor(GainBalancing balancing = GainBalancing.RoundRobin) => new()
    {
        WorkerCount = Workers,
        Architecture = GainArchitecture.Reactor,
        Balancing = balancing,
    };

    private static async Task<Socket> ConnectToAsync(System.Net.IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint).WaitAsync(Clients.Patience);
        return socket;
    }

    private static async Task<List<Socket>> ConnectAsync(GainServer server, Journal journal, int count)
    {
        List<Socket> clients = [];
        int before = journal.Entries.Length;
        for (int i = 1; i <= count; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(before + i);
        }

        return clients;
    }

    private static async Task StormAsync(GainServer server, CountdownEvent storming)
    {
        while (true)
        {
            try
            {
                using Socket client = await Clients.ConnectAsync(server);
                if (!storming.IsSet)
                {
                    try
                    {
                        storming.Signal();
                    }
                    catch (InvalidOperationException)
                    {
                        // Another client was the last one.
                    }
                }

                await Clients.SendAllAsync(client, "x"u8.ToArray());
                if (await client.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience) == 0)
                {
                    return;
                }
            }
            catch (SocketException)
            {
                // Reset, or nobody listens anymore.
                return;
            }
        }
    }

    private static async Task AssertClosedAsync(Socket client)
    {
        try
        {
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        }
        catch (SocketException reset)
        {
            Assert.That(
                reset.SocketErrorCode,
                Is.EqualTo(SocketError.ConnectionReset).Or.EqualTo(SocketError.Shutdown));
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        DateTime late = DateTime.UtcNow + Clients.Patience;
        while (!condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(late), "it never came to be");
            await Task.Yield();
        }
    }

    private static string PeerOf(Socket client) =>
        client.LocalEndPoint is System.Net.IPEndPoint endPoint
            ? GainAddress.FromIPEndPoint(endPoint).ToString()
            : GainAddress.Unix.ToString();
}

internal struct DescendingBalancer(Journal seen) : IBalancer
{
    private int _picks;

    public int Pick(GainAddress peer, WorkerLoads loads)
    {
        string text = peer.ToString();
        for (int worker = 0; worker < loads.Count; worker++)
        {
            text += $" {loads[worker]}";
        }

        seen.Add(text);
        return loads.Count - 1 - (_picks++ % loads.Count);
    }
}

internal readonly struct UnrulyBalancer(Queue<string> plan) : IBalancer
{
    public static bool NeedsAddress => false;

    public int Pick(GainAddress peer, WorkerLoads loads)
    {
        string next = plan.Dequeue();
        return next == "throw"
            ? throw new InvalidOperationException("as planned")
            : int.Parse(next, System.Globalization.CultureInfo.InvariantCulture);
    }
}

internal sealed class ServerCell
{
    private volatile GainServer? _server;

    public GainServer? Server
    {
        get => _server;
        set => _server = value;
    }
}

internal readonly struct StoppingBalancer(ServerCell cell) : IBalancer
{
    public static bool NeedsAddress => false;

    public int Pick(GainAddress peer, WorkerLoads loads)
    {
        var spin = new SpinWait();
        while (cell.Server is null)
        {
            spin.SpinOnce();
        }

        cell.Server.StopAsync().Wait();
        return 0;
    }
}
