using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>What OnDatagram is told, what it may not do, and how it ends.</summary>
public class DatagramDeliveryTests(GainRing ring) : DatagramServerTest(ring)
{
    [Test]
    public async Task Longer_than_the_buffer_is_flagged_and_counted()
    {
        var journal = new Journal();
        GainServer server = Start(
            new DatagramJournal(journal), new GainOptions
            {
                WorkerCount = 1,
                Datagrams = { BufferBytes = 1_000 },
            });
        Socket client = Connect(server);
        await client.SendAsync(new byte[1_001]);
        await client.SendAsync(new byte[1_000]);
        await client.SendAsync(new byte[65_507]);
        await UntilAsync(() => server.Statistics.DatagramsIn == 3);
        await server.StopAsync();

        Assert.That(journal.Entries, Is.EqualTo(["start", "1: 1000 cut", "2: 1000", "3: 1000 cut"]));
        Assert.That(server.Statistics.TruncatedDatagrams, Is.EqualTo(2));
        Assert.That(server.Statistics.BytesIn, Is.EqualTo(3_000));
    }

    [TestCase("udp4://127.0.0.1:0", "127.0.0.1", "127.0.0.1")]
    [TestCase("udp4://:0", "127.0.0.1", "127.0.0.1")]
    [TestCase("udp4://:0", "127.0.0.2", "127.0.0.2")]
    [TestCase("udp6://[::1]:0", "::1", "[::1]")]
    [TestCase("udp6://:0", "::1", "[::1]")]
    [TestCase("udp://:0", "::1", "[::1]")]
    [TestCase("udp://:0", "127.0.0.3", "127.0.0.3")]
    public async Task Addresses_are_those_of_both_ends(string address, string to, string local)
    {
        RequireIPv6(address, to);
        await using GainServer server = GainServer.Start(
            new AddressTeller(), address, new GainOptions { Ring = Ring });
        int port = server.EndPoints[0].Port;
        Socket client = Connect(IPAddress.Parse(to), port);

        // A connected socket takes answers only from the address that it sent to.
        string told = Encoding.ASCII.GetString(await AskAsync(client, [1]));
        Assert.That(told, Is.EqualTo($"{client.LocalEndPoint} {local}:{port}"));
    }

    [Test]
    public async Task The_longest_datagram_of_IPv6_comes_back()
    {
        RequireIPv6("udp6://", "::1");
        await using GainServer server = GainServer.Start(
            new DatagramEcho(), "udp6://[::1]:0", new GainOptions { Ring = Ring, WorkerCount = 1 });
        byte[] sent = Clients.Pattern(65_527, 6);
        Assert.That(await AskAsync(Connect(server), sent), Is.EqualTo(sent));
    }

    [Test]
    public async Task A_fault_is_counted_and_the_server_goes_on()
    {
        GainServer server = Start(new FaultyDatagrams(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        for (int i = 0; i < 300; i++)
        {
            byte[] question = Encoding.ASCII.GetBytes(i % 2 == 0 ? $"throw {i}" : $"answer {i}");
            Assert.That(await AskAsync(client, question), Is.EqualTo(question));
        }

        await server.StopAsync();
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(150));
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(300));
    }

    [Test]
    public async Task A_stop_answers_what_has_arrived()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        for (int i = 0; i < 100; i++)
        {
            await client.SendAsync(new byte[] { (byte)i });
        }

        await UntilAsync(() => server.Statistics.DatagramsIn == 100);
        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(100));
        for (int i = 0; i < 100; i++)
        {
            Assert.That(await ReceiveAsync(client), Is.EqualTo(new[] { (byte)i }));
        }
    }

    [Test]
    public async Task A_port_can_be_served_again_at_once()
    {
        GainServer first = Start(new DatagramEcho(), new GainOptions { WorkerCount = 2 });
        string address = first.Addresses[0];
        GainException? refused = Assert.Throws<GainException>(
            () => GainServer.Start(new DatagramEcho(), address, new GainOptions { Ring = Ring }));
        Assert.That(refused!.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(refused.Message, Does.Contain("ss -lunp"));
        await first.StopAsync();

        await using GainServer second = GainServer.Start(
            new DatagramEcho(), address, new GainOptions { Ring = Ring });
        Assert.That(await AskAsync(Connect(second), [7]), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void A_protocol_without_OnDatagram_is_refused()
    {
        GainException? refused = Assert.Throws<GainException>(() => Start(new EchoProtocol()));
        Assert.That(refused!.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(refused.Message, Does.Contain("EchoProtocol").And.Contain("OnDatagram"));
    }

    [Test]
    public void A_protocol_with_OnDatagram_alone_serves_no_connections()
    {
        GainException? refused = Assert.Throws<GainException>(
            () => GainServer.Start(
                new DatagramEcho(), "tcp://127.0.0.1:0", new GainOptions { Ring = Ring }));
        Assert.That(refused!.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(refused.Message, Does.Contain("DatagramEcho").And.Contain("udp://"));
    }

    [Test]
    public async Task Networks_that_are_kept_out_reach_no_callback()
    {
        var options = new GainOptions { WorkerCount = 1, Accepting = { DeniedNetworks = ["127.0.0.9"] } };
        GainServer server = Start(new DatagramEcho(), options);
        using var denied = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        denied.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        denied.SendTo(new byte[10], server.EndPoints[0]);
        Assert.That(await AskAsync(Connect(server), [1]), Is.EqualTo(new byte[] { 1 }));
        await server.StopAsync();

        Assert.That(server.Statistics.RefusedByFilter, Is.EqualTo(1));
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(2));
        Assert.That(server.Statistics.Callbacks, Is.EqualTo(1));
    }

    [TestCase("::/0")]
    [TestCase("::/80")]
    public async Task Network_of_IPv6_lets_in_no_IPv4_datagram_and_keeps_none_out(string network)
    {
        RequireIPv6(Address, "::1");
        var denying = new GainOptions { WorkerCount = 1, Accepting = { DeniedNetworks = [network] } };
        GainServer server = Start(GainServer.Listen(new DatagramEcho(), "udp://*:0"), denying);
        int port = server.EndPoints[0].Port;
        await Connect(IPAddress.IPv6Loopback, port).SendAsync(new byte[10]);
        Assert.That(await AskAsync(Connect(IPAddress.Loopback, port), [1]), Is.EqualTo(new byte[] { 1 }));
        await server.StopAsync();
        Assert.That(server.Statistics.RefusedByFilter, Is.EqualTo(1));

        var allowing = new GainOptions
        {
            WorkerCount = 1,
            Accepting = { AllowedNetworks = ["10.0.0.0/8", network] },
        };
        server = Start(GainServer.Listen(new DatagramEcho(), "udp://*:0"), allowing);
        port = server.EndPoints[0].Port;
        await Connect(IPAddress.Loopback, port).SendAsync(new byte[10]);
        Assert.That(await AskAsync(Connect(IPAddress.IPv6Loopback, port), [1]), Is.EqualTo(new byte[] { 1 }));
        await server.StopAsync();
        Assert.That(server.Statistics.RefusedByFilter, Is.EqualTo(1));
    }

    [TestCase(65_507, "None, nothing")]
    [TestCase(65_508, "TooLarge, A datagram of 65,508 bytes")]
    public async Task A_reply_that_no_datagram_can_hold_is_refused(int length, string expected)
    {
        GainServer server = Start(new ReplyTester(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        await client.SendAsync(Encoding.ASCII.GetBytes($"{length}"));
        for (int answers = length > 65_507 ? 0 : 2; answers > 0; answers--)
        {
            Assert.That(await ReceiveAsync(client), Has.Length.EqualTo(length));
        }

        string told = Encoding.ASCII.GetString(await ReceiveAsync(client));
        Assert.That(told, Does.StartWith(expected));
    }

    private static void RequireIPv6(string address, string to)
    {
        if (!Socket.OSSupportsIPv6 && (to.Contains(':') || address.StartsWith("udp6")))
        {
            Assert.Ignore("The machine has no IPv6.");
        }
    }
}
