using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>Workers that accept for themselves, and hand over what one of them has too much of.</summary>
public class HandOverTests(GainRing ring) : ServerTest(ring)
{
    private const int Workers = 4;

    [Test]
    public async Task No_worker_exceeds_the_least_loaded_by_more_than_is_allowed()
    {
        const int excess = 2;
        const int count = 200;
        var journal = new Journal();
        GainServer server = Start(
            new WorkerIndexProtocol(journal), new GainOptions
            {
                WorkerCount = Workers,
                HandOverExcess = excess,
            });
        List<Socket> clients = [];
        for (int i = 1; i <= count; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(i);
            IReadOnlyList<int> loads = server.ConnectionsPerWorker;
            Assert.That(loads.Max() - loads.Min(), Is.AtMost(excess));
        }

        // By chance alone a difference of two would hardly ever last.
        Assert.That(server.Statistics.HandedOver, Is.Positive);
        Assert.That(server.ConnectionsPerWorker.Sum(), Is.EqualTo(count));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Worker_that_all_others_have_left_is_given_what_comes_next()
    {
        const int each = 12;
        const int excess = 4;
        var journal = new Journal();
        GainServer server = Start(
            new WorkerIndexProtocol(journal), new GainOptions
            {
                WorkerCount = Workers,
                HandOverExcess = excess,
            });
        var clients = new Queue<Socket>();
        var keptOf = new Dictionary<string, int>();
        while (journal.Entries.Length < Workers * each)
        {
            clients.Enqueue(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(clients.Count);
        }

        // Long-lived ones stay at all workers but the last.
        string[] workers = journal.Entries;
        List<Socket> kept = [];
        foreach (string worker in workers)
        {
            Socket client = clients.Dequeue();
            if (worker == $"{Workers - 1}")
            {
                client.Dispose();
            }
            else
            {
                kept.Add(client);
                keptOf[worker] = keptOf.GetValueOrDefault(worker) + 1;
            }
        }

        await UntilAsync(() => server.ConnectionsPerWorker[Workers - 1] == 0);
        for (int i = 1; i <= each; i++)
        {
            kept.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(workers.Length + i);
        }

        // Whoever accepts is over by more than is allowed until the last has come within it.
        int least = keptOf.Values.Min();
        Assert.That(server.ConnectionsPerWorker[Workers - 1], Is.AtLeast(Math.Min(each, least - excess)));
        kept.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task What_was_handed_over_is_served_like_any_other()
    {
        GainServer server = Start(
            new EchoProtocol(), new GainOptions { WorkerCount = Workers, HandOverExcess = 1 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            for (int round = 0; round < 16; round++)
            {
                using Socket client = await Clients.ConnectAsync(server);
                byte[] sent = Clients.Pattern(10_000, (seed * 16) + round);
                Task sending = Clients.SendAllAsync(client, sent);
                byte[] received = await Clients.ReceiveExactlyAsync(client, sent.Length);
                await sending;
                Assert.That(received.AsSpan().SequenceEqual(sent));
            }
        })));
        await UntilAsync(() => server.ConnectionsPerWorker.Sum() == 0);
        Assert.That(server.Statistics.Accepted, Is.EqualTo(8 * 16));
    }

    [Test]
    public async Task Busy_worker_with_a_full_mailbox_is_handed_nothing_and_nobody_waits_for_it()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        GainServer server = Start(
            new BlockingProtocol(entered, release),
            new GainOptions { WorkerCount = 2, HandOverExcess = 1, Limits = { MailboxCapacity = 2 } });
        using Socket blocking = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(blocking, "block"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));

        // Those that the kernel gives to the blocked worker, or that were handed to it, wait. Others do not.
        List<Socket> clients = [];
        for (int i = 0; i < 64; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await Clients.SendAllAsync(clients[^1], "x"u8.ToArray());
        }

        int answered = 0;
        Task[] answers = [.. clients.Select(async client =>
        {
            await Clients.ReceiveExactlyAsync(client, 1);
            Interlocked.Increment(ref answered);
        })];
        await UntilAsync(() => Volatile.Read(ref answered) >= 1);
        release.Set();
        await Task.WhenAll(answers);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Stop_while_clients_storm_in_leaves_no_socket()
    {
        int before = Descriptors.Sockets();
        GainServer server = Start(
            new EchoProtocol(), new GainOptions { WorkerCount = Workers, HandOverExcess = 1 });
        Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => StormAsync(server)))];
        await UntilAsync(() => server.Statistics.HandedOver >= 50);
        await server.StopAsync().WaitAsync(Clients.Patience);
        await Task.WhenAll(clients).WaitAsync(Clients.Patience);
        Assert.That(server.ConnectionsPerWorker, Has.All.Zero);
        await UntilAsync(() => Descriptors.Sockets() <= before);
    }

    private static async Task StormAsync(GainServer server)
    {
        while (true)
        {
            try
            {
                using Socket client = await Clients.ConnectAsync(server);
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

    private static async Task UntilAsync(Func<bool> condition)
    {
        DateTime late = DateTime.UtcNow + Clients.Patience;
        while (!condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(late), "it never came to be");
            await Task.Yield();
        }
    }
}
