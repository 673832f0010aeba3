using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server;

public class LoggingTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Callback_that_blocks_is_warned_of_by_the_name_of_its_protocol()
    {
        var logger = new RecordingLogger();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Logger = logger,
            SlowTurnWarning = TimeSpan.FromMilliseconds(20),
        };
        GainServer server = Start(new BusyProtocol(), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        // The turn is over, and was measured, when the next one answers.
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);
        Assert.That(
            logger.Messages.Entries, Has.Some.Contains($"busy with callbacks of {nameof(BusyProtocol)}"));
        Assert.That(server.Statistics.SlowTurns, Is.Positive);
    }

    [TestCase(1, ": 1 worker on ")]
    [TestCase(2, ": 2 workers on ")]
    public void Log_counts_workers_and_speaks_of_dual_stack_nowhere(int workers, string said)
    {
        foreach (string address in new[] { "tcp://127.0.0.1:0", "udp://127.0.0.1:0", "tcp4://*:0" })
        {
            var logger = new RecordingLogger { Least = LogLevel.Information };
            var options = new GainOptions { WorkerCount = workers, Ring = Ring, Logger = logger };
            Assert.That(
                GainServer.Start(new LoggedProtocol(), address, options).StopAsync().Wait(Clients.Patience));
            Assert.That(logger.Messages.Entries, Has.Some.Contains(said));
            Assert.That(logger.Messages.Entries, Has.None.Contains("dual-stack"));
        }
    }

    [Test]
    public async Task Peer_that_causes_a_thousand_faults_causes_few_messages()
    {
        var logger = new RecordingLogger();
        GainServer server = Start(
            new FaultyProtocol(new Journal()), new GainOptions { WorkerCount = 1, Logger = logger });
        for (int i = 0; i < 1_000; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, "throw"u8.ToArray());
            try
            {
                Assert.That(await client.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
            }
            catch (SocketException reset)
            {
                Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
            }
        }

        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1_000));
        int faults = logger.Messages.Entries.Count(
            message => message.Contains("A callback of FaultyProtocol threw"));

        Assert.That(
            logger.Messages.Entries,
            Has.Some.Contains("threw on worker 0; its connection to ").And.Some.Contains("127.0.0.1:"));

        // Five at once, and one for each second that the test takes; far fewer than a thousand in any case.
        Assert.That(faults, Is.AtLeast(5).And.LessThan(500));
    }
}

/// <summary>Keeps its worker busy for some time with each read.</summary>
[GainProtocol]
internal partial struct BusyProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        long end = connection.NowMs + 60;
        long rounds = 0;
        while (Environment.TickCount64 <= end)
        {
            rounds++;
        }

        connection.Send(rounds > 0 ? data : []);
    }
}

[GainProtocol]
internal partial struct LoggedProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}
