using System.Net.Sockets;

namespace Gain.Tests.Server.Overload;

/// <summary>
/// Ways in which other servers fall down that no other fixture has a test of; docs/robustness.md lists all.
/// </summary>
public class PeerBugTests(GainRing ring) : ServerTest(ring)
{
    private readonly GainRing _ring = ring;

    [TestCase("udp://127.0.0.1:0", "declares no OnDatagram")]
    [TestCase("unix:///proc/gain-test.sock", "/proc")]
    [TestCase("unix:gain-test.sock", "unix:///absolute/path")]
    [TestCase("systemd:", "not started by systemd")]
    [TestCase("tcp://127.0.0.1:x", "is not a number")]
    [TestCase("tcp://192.0.2.1:0", "192.0.2.1")]
    public async Task Start_that_is_refused_says_why_and_can_be_tried_again_at_once(
        string address, string reason)
    {
        var options = new GainOptions { Ring = _ring };
        int sockets = Descriptors.Sockets();
        string[] rings = Descriptors.OfGain();
        for (int i = 0; i < 3; i++)
        {
            GainException refused = Assert.Throws<GainException>(
                () => GainServer.Start(new EchoProtocol(), address, options))!;
            Assert.That(refused.Message, Does.Contain(reason));
        }

        Assert.That(Descriptors.Sockets(), Is.EqualTo(sockets));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(rings));
        await EchoAsync(Start(new EchoProtocol(), options));
    }

    [TestCase("tcp://:0")]
    [TestCase("tcp6://[::1]:0")]
    [TestCase("tcp4://*:0")]
    [TestCase("tcp://localhost:0")]
    public async Task Address_in_every_form_that_is_documented_is_served(string address)
    {
        if (address.StartsWith("tcp6") && !Socket.OSSupportsIPv6)
        {
            Assert.Ignore("This machine has no IPv6.");
        }

        await using GainServer server = GainServer.Start(
            new EchoProtocol(), address, new GainOptions { Ring = _ring });
        var endpoint = server.EndPoints[0];
        bool isAny = endpoint.Address.Equals(System.Net.IPAddress.IPv6Any)
            || endpoint.Address.Equals(System.Net.IPAddress.Any);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(isAny ? "127.0.0.1" : $"{endpoint.Address}", endpoint.Port)
            .WaitAsync(Clients.Patience);
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task Clients_that_reset_at_once_are_no_fault_and_disturb_nobody()
    {
        var options = new GainOptions { WorkerCount = 2 };
        GainServer server = Start(new CuriousProtocol(), options);
        Task[] storms = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => ResetManyAsync(server, 500)))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async seed =>
        {
            using Socket polite = await Clients.ConnectAsync(server);
            for (int round = 0; round < 100; round++)
            {
                byte[] sent = Clients.Pattern(2_000, (seed * 1_000) + round);
                await Clients.SendAllAsync(polite, sent);
                Assert.That(await Clients.ReceiveExactlyAsync(polite, sent.Length), Is.EqualTo(sent));
            }
        }));

        await Task.WhenAll(storms);
        GainStatistics counted = await AwaitAllClosedAsync(server);
        Assert.That(counted.Accepted, Is.AtMost(2_008).And.AtLeast(8));
        Assert.That(counted.HandlerFaults, Is.Zero);
        Assert.That(counted.SocketErrors, Is.Zero);
        await EchoAsync(server);
    }

    [Test]
    public async Task Urgent_byte_alone_is_neither_data_nor_an_end()
    {
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(client.Send("!"u8, SocketFlags.OutOfBand), Is.EqualTo(1));

        // Another connection proves that the worker has been around, and has not stopped at the urgent one.
        await EchoAsync(server);
        await Clients.SendAllAsync(client, "data"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("data"u8.ToArray()));
        Assert.That(client.Send("!"u8, SocketFlags.OutOfBand), Is.EqualTo(1));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        string[] entries = await journal.AwaitAsync(entry => entry == "close PeerClosed", 2);
        Assert.That(entries.Count(entry => entry == "close PeerClosed"), Is.EqualTo(2));
    }

    private static async Task EchoAsync(GainServer server)
    {
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    private static async Task ResetManyAsync(GainServer server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            if (i % 2 == 0)
            {
                await Clients.SendAllAsync(client, "x"u8.ToArray());
            }

            Clients.Reset(client);
        }
    }
}

/// <summary>Asks who is there, as soon as it may: the peer can be gone by then.</summary>
[GainProtocol]
internal partial struct CuriousProtocol
{
    private static void OnAccept(Connection connection)
    {
        if (connection.LocalEndPoint is null)
        {
            throw new InvalidOperationException("A socket without an address of its own.");
        }

        // Null when the peer is gone.
        _ = connection.RemoteEndPoint;
    }

    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
