using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gain.Tests.Net;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>Starts right after a crash, while the kernel still frees what the process had.</summary>
[NonParallelizable]
[TestFixture("uring")]
[TestFixture("epoll")]
public sealed class KilledServerTests(string ring)
{
    private readonly TempSockets _sockets = new();

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring == "uring" ? GainRing.Uring : GainRing.Epoll);

    [OneTimeTearDown]
    public void RemoveSockets() => _sockets.Dispose();

    [TestCase("tcp")]
    [TestCase("unix")]
    public async Task Address_of_a_server_that_was_killed_with_clients_can_be_had_at_once(string network)
    {
        string arguments = $"--handler echo --workers 2 --ring {ring}"
            + (network == "unix" ? $" --network unix --path {_sockets.Path()}" : "");
        for (int round = 0; round < 5; round++)
        {
            await using CliProcess killed = await CliProcess.StartAsync(arguments);
            string address = network == "unix" ? $"unix://{_sockets.Path()}" : $"tcp://{killed.Endpoint}";
            var clients = new List<Socket>();
            for (int i = 0; i < 100; i++)
            {
                clients.Add(
                    network == "unix"
                        ? await Clients.ConnectAsync(_sockets.Path())
                        : await killed.ConnectAsync());
                await Clients.SendAllAsync(clients[i], "hello"u8.ToArray());
                await Clients.ReceiveExactlyAsync(clients[i], 5);
            }

            await killed.KillAsync();
            var logger = new RecordingLogger();
            await using (GainServer.Start(
                new EchoProtocol(), address, new GainOptions { WorkerCount = 2, Logger = logger }))
            {
                Assert.That(
                    logger.Messages.Entries.Count(entry => entry.Contains("Trying again")), Is.AtMost(1));
            }

            clients.ForEach(client => client.Dispose());
        }
    }

    [TestCase("tcp")]
    [TestCase("udp")]
    [TestCase("unix")]
    public async Task Address_that_somebody_has_is_an_error_without_another_try(string network)
    {
        using Socket holder = Hold(network, out string address);
        var logger = new RecordingLogger();
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(
                new DatagramOrEchoProtocol(),
                address,
                new GainOptions { Logger = logger, Timeouts = { BindRetry = TimeSpan.FromMinutes(1) } }))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(logger.Messages.Entries, Is.Empty);
        await Task.CompletedTask;
    }

    [Test]
    public void Address_that_stays_in_use_is_an_error_when_the_time_is_over()
    {
        // Whose socket is in a message on its way belongs to no process, as that of one that was killed.
        using var orphan = new OrphanedListener();
        var logger = new RecordingLogger();
        var clock = Stopwatch.StartNew();
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(
                new EchoProtocol(),
                $"tcp://{orphan.Endpoint}",
                new GainOptions
                {
                    Logger = logger,
                    Timeouts = { BindRetry = TimeSpan.FromMilliseconds(200) },
                }))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(clock.ElapsedMilliseconds, Is.AtLeast(200));
        Assert.That(logger.Messages.Entries, Has.One.Contains("Trying again for up to 200 ms"));
    }

    private Socket Hold(string network, out string address)
    {
        Socket holder;
        switch (network)
        {
            case "unix":
                holder = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                string path = _sockets.Path("held.sock");
                holder.Bind(new UnixDomainSocketEndPoint(path));
                holder.Listen();
                address = $"unix://{path}";
                return holder;
            case "udp":
                holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                break;
            default:
                holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                break;
        }

        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (network == "tcp")
        {
            holder.Listen();
        }

        address = $"{network}://{holder.LocalEndPoint}";
        return holder;
    }
}

[GainProtocol]
internal partial struct DatagramOrEchoProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}
