using System.Net.Sockets;

namespace Gain.Tests.Server.Overload;

/// <summary>What an acceptor does when a worker is gone, and what it costs when all goes well.</summary>
[NonParallelizable]
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public class ReactorFailureTests(GainRing ring)
{
    private const int Storming = 6;

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [Test]
    public async Task Worker_that_dies_while_it_is_handed_connections_ends_the_server_and_leaks_none()
    {
        string[] before = Descriptors.OfGain();
        int socketsBefore = Descriptors.Sockets();
        var journal = new Journal();
        var options = new GainOptions
        {
            WorkerCount = 2,
            Architecture = GainArchitecture.Reactor,
            Limits = { MailboxCapacity = 16 },
            Logger = new RecordingLogger(),
            Ring = ring,
        };
        GainServer server = GainServer.Start(new MortalProtocol(journal), "tcp://127.0.0.1:0", options);
        using Socket deadly = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(1);
        Task[] storm = [.. Enumerable.Range(0, Storming).Select(_ => Task.Run(() => StormAsync(server)))];
        await journal.AwaitAsync(200);
        await Clients.SendAllAsync(deadly, "die"u8.ToArray());

        GainException failed = Assert.ThrowsAsync<GainException>(
            () => server.WaitForShutdownAsync().WaitAsync(Clients.Patience))!;
        Assert.That(failed.ErrorCode, Is.EqualTo(GainError.WorkerFailed));
        Assert.That(failed.Message, Does.StartWith("Worker 0 failed").And.Contain(MortalProtocol.Cause));
        await Task.WhenAll(storm).WaitAsync(Clients.Patience);
        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That(server.ConnectionsPerWorker, Has.All.Zero, "sockets that nobody closed");
        deadly.Dispose();
        Assert.That(Descriptors.OfGain(), Is.EqualTo(before));
        DateTime late = DateTime.UtcNow + Clients.Patience;
        while (Descriptors.Sockets() > socketsBefore)
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(late), "sockets are left");
            await Task.Yield();
        }
    }

    [Test]
    public async Task Thousands_of_hand_overs_allocate_nothing()
    {
        // As for messages, the JIT compiler allocates some kilobytes of its own. One object for each
        // connection would be 120 KB at least.
        const int count = 5_000;
        await AllocatedByAsync(count);
        Assert.That(await AllocatedByAsync(count), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(int count)
    {
        await using GainServer server = GainServer.Start(
            new EchoProtocol(),
            "tcp://127.0.0.1:0",
            new GainOptions
            {
                WorkerCount = 1,
                Architecture = GainArchitecture.Reactor,
                Balancing = GainBalancing.SourceIPHash,
                Ring = ring,
            });
        byte[] data = new byte[1];
        for (int i = 0; i < count; i++)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

            // A reset leaves no TIME_WAIT.
            client.LingerState = new LingerOption(true, 0);
            await client.ConnectAsync(server.EndPoints[0]);
            await client.SendAsync(data);
            Assert.That(await client.ReceiveAsync(data), Is.EqualTo(1));
        }

        await server.StopAsync();
        Assert.That(server.Statistics.HandedOver, Is.EqualTo(count));
        return server.Statistics.AllocatedBytes;
    }

    // Connects until nobody answers anymore, and waits for the end of each connection.
    private static async Task StormAsync(GainServer server)
    {
        while (true)
        {
            try
            {
                using Socket client = await Clients.ConnectAsync(server);
                client.Shutdown(SocketShutdown.Send);
                await Clients.ReceiveToEndAsync(client);
            }
            catch (SocketException)
            {
                if (!server.IsRunning)
                {
                    return;
                }
            }
        }
    }
}
