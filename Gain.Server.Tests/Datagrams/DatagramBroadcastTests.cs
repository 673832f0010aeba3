using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Datagrams to a subnet's broadcast address: the loopback has one as well.</summary>
public class DatagramBroadcastTests(GainRing ring) : DatagramServerTest(ring)
{
    private readonly List<GainServer> _started = [];

    [TearDown]
    public async Task StopStarted()
    {
        foreach (GainServer server in _started)
        {
            await server.StopAsync().WaitAsync(Clients.Patience);
        }

        _started.Clear();
    }

    [TestCase("udp://*:0")]
    [TestCase("udp4://*:0")]
    public async Task Broadcast_is_answered_from_the_address_of_the_machine(string address)
    {
        GainServer server = GainServer.Start(
            new BroadcastProtocol(), address, new GainOptions { WorkerCount = 1, Ring = Ring });
        _started.Add(server);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            EnableBroadcast = true,
        };
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await client.SendToAsync(
            "hello"u8.ToArray(),
            new IPEndPoint(IPAddress.Parse("127.255.255.255"), server.EndPoints[0].Port));
        byte[] buffer = new byte[100];
        SocketReceiveFromResult got = await client
            .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(Clients.Patience);
        Assert.That(
            System.Text.Encoding.ASCII.GetString(buffer, 0, got.ReceivedBytes),
            Is.EqualTo($"127.255.255.255:{server.EndPoints[0].Port}"));
        Assert.That(((IPEndPoint)got.RemoteEndPoint).Address, Is.EqualTo(IPAddress.Loopback));
    }

    [Test]
    public async Task Peers_of_both_families_are_answered_by_a_dual_stack_socket()
    {
        GainServer server = GainServer.Start(
            new BroadcastProtocol(), "udp://*:0", new GainOptions { WorkerCount = 1, Ring = Ring });
        _started.Add(server);
        foreach (IPAddress loopback in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            if (loopback.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            {
                continue;
            }

            Socket client = Connect(loopback, server.EndPoints[0].Port);
            Assert.That(
                System.Text.Encoding.ASCII.GetString(await AskAsync(client, "hello"u8.ToArray())),
                Is.EqualTo($"{new IPEndPoint(loopback, server.EndPoints[0].Port)}"));
        }
    }
}

/// <summary>Answers with the address that it was asked at.</summary>
[GainProtocol]
internal partial struct BroadcastProtocol
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) =>
        datagram.Reply(System.Text.Encoding.ASCII.GetBytes($"{datagram.LocalAddress}"));
}
