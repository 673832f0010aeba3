using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>An echo that is sent a datagram from its own address would answer itself forever.</summary>
public class OwnDatagramTests(GainRing ring) : DatagramServerTest(ring)
{
    [TestCase("udp://127.0.0.1:0", "127.0.0.1", 1)]
    [TestCase("udp://127.0.0.1:0", "127.0.0.1", 3)]
    [TestCase("udp6://[::1]:0", "::1", 1)]
    [TestCase("udp4://*:0", "127.0.0.1", 1)]
    [TestCase("udp4://*:0", "127.0.0.5", 2)]
    [TestCase("udp6://*:0", "::1", 1)]
    [TestCase("udp://*:0", "::1", 2)]
    [TestCase("udp://*:0", "127.0.0.1", 2)]
    [TestCase("udp://*:0", "127.0.0.5", 1)]
    public async Task Datagram_from_the_servers_own_socket_is_dropped(string address, string to, int workers)
    {
        if (!Socket.OSSupportsIPv6 && (to.Contains(':') || address.Contains('6')))
        {
            Assert.Ignore("The machine has no IPv6.");
        }

        GainServer server = Start(
            GainServer.Listen(new DatagramEcho(), address), new GainOptions { WorkerCount = workers });
        var own = IPAddress.Parse(to);
        int port = server.EndPoints[0].Port;
        var target = GainAddress.FromIPEndPoint(new IPEndPoint(own, port));

        Assert.That(server.GetDatagramHandle().TrySendTo(target, [1, 2, 3]));

        await UntilAsync(() => server.Statistics.DroppedDatagrams == 1 || server.Statistics.Callbacks != 0);
        Assert.That(server.Statistics.Callbacks, Is.Zero);
        Assert.That(await AskAsync(Connect(own, port), [4]), Is.EqualTo(new byte[] { 4 }));
    }

    /// <summary>What is dropped is the socket's own, and not what has the same port elsewhere.</summary>
    [Test]
    public async Task Datagram_from_the_same_port_of_another_address_is_answered()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.7"), server.EndPoints[0].Port));
        peer.Connect(server.EndPoints[0]);

        Assert.That(await AskAsync(peer, [5]), Is.EqualTo(new byte[] { 5 }));
        Assert.That(server.Statistics.DroppedDatagrams, Is.Zero);
    }

    [Test]
    public async Task Datagram_from_a_Unix_servers_own_name_is_dropped()
    {
        using var sockets = new TempSockets();
        GainServer server = Start(
            GainServer.Listen(new DatagramEcho(), $"unixgram://{sockets.Path()}"),
            new GainOptions { WorkerCount = 1 });

        byte[] path = Encoding.UTF8.GetBytes(sockets.Path());
        Assert.That(server.GetDatagramHandle().TrySendTo(new UnixPath(path), [1], out _));

        await UntilAsync(() => server.Statistics.DroppedDatagrams == 1 || server.Statistics.Callbacks != 0);
        Assert.That(server.Statistics.Callbacks, Is.Zero);
        await server.StopAsync();
    }

    [TestCase("127.0.0.1", true)]
    [TestCase("127.9.8.7", true)]
    [TestCase("192.0.2.1", false)]
    [TestCase("::1", true)]
    [TestCase("2001:db8::1", false)]
    public void Addresses_of_the_machine_are_told_from_others(string address, bool isOwn)
    {
        if (!Socket.OSSupportsIPv6 && address.Contains(':'))
        {
            Assert.Ignore("The machine has no IPv6.");
        }

        var end = GainAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(address), 9));
        Assert.That(Gain.Sockets.MachineAddresses.Contain(end), Is.EqualTo(isOwn));
    }
}
