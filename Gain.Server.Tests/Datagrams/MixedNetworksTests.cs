using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Servers that serve connections and datagrams at once.</summary>
public class MixedNetworksTests(GainRing ring) : DatagramServerTest(ring)
{
    private const string AnyTcp = "tcp://127.0.0.1:0";
    private const string AnyUdp = "udp://127.0.0.1:0";

    private TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    public async Task One_protocol_serves_both_and_tells_addresses_apart(int workers)
    {
        GainServer server = Start(
            GainServer.Listen(new BothProtocol(), AnyUdp, AnyTcp, AnyUdp),
            new GainOptions { WorkerCount = workers });
        for (int i = 0; i < 10; i++)
        {
            Assert.That(await AskAsync(Udp(server, 0), [1]), Is.EqualTo("datagram 0"u8.ToArray()));
            Assert.That(await AskAsync(Udp(server, 2), [1]), Is.EqualTo("datagram 2"u8.ToArray()));
            using Socket tcp = await Clients.ConnectAsync(server, 1);
            await Clients.SendAllAsync(tcp, "x"u8.ToArray());
            Assert.That(
                await Clients.ReceiveExactlyAsync(tcp, 12), Is.EqualTo("connection 1"u8.ToArray()));
        }
    }

    [Test]
    public async Task Protocols_of_both_kinds_get_what_is_theirs()
    {
        var journal = new Journal();
        GainServer server = Start(
            GainServer.Listen(new DatagramEcho(), AnyUdp)
                .Listen(new LineProtocol(journal), AnyTcp)
                .Listen(new BothProtocol(), AnyUdp, _sockets.Address())
                .Listen(new AddressTeller(), $"unixgram://{_sockets.Path("d.sock")}"),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        Assert.That(server.Addresses[4], Is.EqualTo($"unixgram://{_sockets.Path("d.sock")}"));
        Socket echo = Udp(server, 0);
        Socket both = Udp(server, 2);
        using Socket lines = await Clients.ConnectAsync(server, 1);
        using Socket unix = await Clients.ConnectAsync(server, 3);
        for (int i = 0; i < 20; i++)
        {
            byte[] sent = Clients.Pattern(500, i);
            Assert.That(await AskAsync(echo, sent), Is.EqualTo(sent));
            await Clients.SendAllAsync(lines, "half"u8.ToArray());
            Assert.That(await AskAsync(both, sent), Is.EqualTo("datagram 2"u8.ToArray()));
            await Clients.SendAllAsync(lines, " a line\r\n"u8.ToArray());
            Assert.That(
                await Clients.ReceiveExactlyAsync(lines, 12), Is.EqualTo("half a line\n"u8.ToArray()));
            await Clients.SendAllAsync(unix, "x"u8.ToArray());
            Assert.That(
                await Clients.ReceiveExactlyAsync(unix, 12), Is.EqualTo("connection 3"u8.ToArray()));
        }

        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(40));
        Assert.That(server.Statistics.Callbacks, Is.EqualTo(40 + 20 + 20 + 1), "and a close of the lines");
    }

    [Test]
    public async Task Prototypes_of_datagrams_keep_their_fields_and_each_socket_its_own_handler()
    {
        var first = new Journal();
        var second = new Journal();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyTcp)
                .Listen(new DatagramJournal(first), AnyUdp)
                .Listen(new DatagramJournal(second), AnyUdp),
            new GainOptions { WorkerCount = 1 });
        Assert.That(first.Entries, Is.EqualTo(["start"]));
        Assert.That(second.Entries, Is.EqualTo(["start"]));
        await Udp(server, 1).SendAsync(new byte[3]);
        await Udp(server, 2).SendAsync(new byte[4]);
        await Udp(server, 2).SendAsync(new byte[5]);
        Assert.That(await first.AwaitAsync(2), Is.EqualTo(["start", "1: 3"]));
        Assert.That(await second.AwaitAsync(3), Is.EqualTo(["start", "1: 4", "2: 5"]));
    }

    [Test]
    public async Task Datagrams_and_connections_share_their_workers_instances()
    {
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyTcp)
                .Listen(new CountingProtocol(), AnyTcp)
                .Listen(new CountTellingDatagrams(), AnyUdp),
            new GainOptions { WorkerCount = 1 });
        Socket udp = Udp(server, 2);
        for (int i = 1; i <= 3; i++)
        {
            using Socket tcp = await Clients.ConnectAsync(server, 1);
            await Clients.SendAllAsync(tcp, new byte[] { 1 });
            Assert.That(
                await Clients.ReceiveExactlyAsync(tcp, 2), Is.EqualTo(new[] { (byte)i, (byte)(10 + i) }));
            Assert.That(await AskAsync(udp, [1]), Is.EqualTo(new[] { (byte)i, (byte)(10 + i) }));
        }
    }

    [Test]
    public async Task Other_threads_send_from_the_socket_that_they_name()
    {
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyTcp)
                .Listen(new DatagramEcho(), AnyUdp)
                .Listen(new BothProtocol(), AnyUdp),
            new GainOptions { WorkerCount = 2 });
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        GainAddress peer = GainAddress.FromIPEndPoint((IPEndPoint)client.LocalEndPoint!);
        foreach (int address in new[] { 2, 1 })
        {
            Assert.That(server.GetDatagramHandle(address, worker: 1).TrySendTo(peer, "hello"u8));
            SocketReceiveFromResult got = await client
                .ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0))
                .WaitAsync(Clients.Patience);
            Assert.That($"udp://{got.RemoteEndPoint}", Is.EqualTo(server.Addresses[address]));
        }

        Assert.That(
            () => server.GetDatagramHandle(0),
            Throws.InvalidOperationException.With.Message.Contains(server.Addresses[0]));
    }

    [Test]
    public void Protocol_that_cannot_serve_its_address_is_named_and_nothing_stays_open()
    {
        string[] before = OpenSockets.List();
        var refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new DatagramEcho(), AnyUdp).Listen(new EchoProtocol(), AnyTcp, AnyUdp)));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(refused.Message, Does.StartWith("EchoProtocol cannot serve udp://127.0.0.1:"));
        refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new EchoProtocol(), AnyTcp).Listen(new DatagramEcho(), AnyTcp)));
        Assert.That(refused.Message, Does.StartWith("DatagramEcho cannot serve tcp://127.0.0.1:"));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    [Test]
    public async Task One_port_can_be_for_both()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)free.LocalEndPoint!).Port;
        free.Dispose();
        GainServer server = Start(
            GainServer.Listen(new BothProtocol(), $"tcp://127.0.0.1:{port}", $"udp://127.0.0.1:{port}"));
        Assert.That(await AskAsync(Udp(server, 1), "x"u8.ToArray()), Is.EqualTo("datagram 1"u8.ToArray()));

        var refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new BothProtocol(), AnyTcp, $"udp://127.0.0.1:{port}")));
        Assert.That(refused.Message, Does.Not.Contain("This server itself"));
        refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new BothProtocol(), $"udp://127.0.0.1:{port}", $"udp://127.0.0.1:{port}")));
        Assert.That(refused.Message, Does.StartWith($"A server was given udp://127.0.0.1:{port} 2 times"));
    }

    private Socket Udp(GainServer server, int address)
    {
        IPEndPoint endpoint = IPEndPoint.Parse(server.Addresses[address]["udp://".Length..]);
        return Connect(endpoint.Address, endpoint.Port);
    }
}

/// <summary>Answers connections and datagrams with the listener that they came in by.</summary>
[GainProtocol]
internal partial struct BothProtocol
{
    private static void OnRead(Connection connection) =>
        connection.Send(Encoding.ASCII.GetBytes($"connection {connection.ListenerIndex}"));

    private static void OnDatagram(Datagram datagram) =>
        datagram.Reply(Encoding.ASCII.GetBytes($"datagram {datagram.ListenerIndex}"));
}

/// <summary>Says what another protocol counts.</summary>
[GainProtocol]
internal partial struct CountTellingDatagrams
{
    private static void OnDatagram(Datagram datagram, NumberedStore numbers, in CountedStore store) =>
        datagram.Reply([(byte)store.Count, (byte)numbers.Count]);
}
