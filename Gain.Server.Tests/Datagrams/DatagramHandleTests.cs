using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Datagrams that other threads send, and those that answer nothing.</summary>
public class DatagramHandleTests(GainRing ring) : DatagramServerTest(ring)
{
    [Test]
    public async Task An_answer_from_another_thread_arrives()
    {
        GainServer server = Start(new LaterEcho(), new GainOptions { WorkerCount = 2 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            Socket client = Connect(server);
            for (int round = 0; round < 20; round++)
            {
                byte[] sent = Clients.Pattern(round * 10, i);
                Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
            }
        }));
    }

    [Test]
    public async Task A_server_sends_without_having_been_asked()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 2 });
        Socket client = Connect(server);
        GainAddress address = GainAddress.FromIPEndPoint((IPEndPoint)client.LocalEndPoint!);
        for (int worker = 0; worker < 2; worker++)
        {
            DatagramHandle handle = server.GetDatagramHandle(worker: worker);
            for (byte i = 0; i < 50; i++)
            {
                Assert.That(handle.TrySendTo(address, [i]));
            }

            for (byte i = 0; i < 50; i++)
            {
                Assert.That(await ReceiveAsync(client), Is.EqualTo(new[] { i }), "in the order of posting");
            }
        }

        DatagramHandle first = server.GetDatagramHandle();
        Assert.That(first, Is.Not.EqualTo(server.GetDatagramHandle(worker: 1)));
        Assert.That(first, Is.EqualTo(server.GetDatagramHandle(address: 0)));
    }

    [Test]
    public async Task What_was_posted_before_a_stop_is_sent()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        GainAddress address = GainAddress.FromIPEndPoint((IPEndPoint)client.LocalEndPoint!);
        DatagramHandle handle = server.GetDatagramHandle();
        for (byte i = 0; i < 100; i++)
        {
            Assert.That(handle.TrySendTo(address, [i]));
        }

        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(100));
        Assert.That(handle.TrySendTo(address, [1]), Is.True, "it goes where those of connections go");
        Assert.Throws<InvalidOperationException>(() => handle.JoinMulticast(address));
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(100));
    }

    [Test]
    public void Why_a_datagram_is_not_posted_is_told()
    {
        GainServer server = Start(
            new DatagramEcho(),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxPostedBytesPerWorker = 1_000, MailboxCapacity = 2 },
            });
        DatagramHandle handle = server.GetDatagramHandle();
        var address = new GainAddress(GainAddress.MapV4(0x7F000001), 9);

        Assert.That(FailureOf(default, address, 1), Is.EqualTo(DatagramFailure.NoAddress));
        Assert.That(FailureOf(handle, default, 1), Is.EqualTo(DatagramFailure.NoAddress));
        Assert.That(FailureOf(handle, GainAddress.Unix, 1), Is.EqualTo(DatagramFailure.WrongFamily));
        Assert.That(FailureOf(handle, new GainAddress(1, 9), 1), Is.EqualTo(DatagramFailure.WrongFamily));
        Assert.That(FailureOf(handle, address, 65_508), Is.EqualTo(DatagramFailure.TooLarge));
        Assert.That(FailureOf(handle, address, 1_001), Is.EqualTo(DatagramFailure.TooLarge));
        Assert.That(handle.TrySendTo(new UnixPath("/x"u8), [1], out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.WrongFamily));
    }

    [Test]
    public async Task Only_addresses_for_datagrams_have_a_handle()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => server.GetDatagramHandle(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.GetDatagramHandle(0, 1));
        await using GainServer tcp = GainServer.Start(
            new EchoProtocol(), "tcp://127.0.0.1:0", new GainOptions { Ring = Ring });
        Assert.Throws<InvalidOperationException>(() => tcp.GetDatagramHandle());
    }

    [TestCase("udp4://:0", "239.7.7.7")]
    [TestCase("udp://:0", "239.7.7.8")]
    [TestCase("udp6://:0", "ff02::7:7")]
    [TestCase("udp://:0", "ff02::7:8")]
    public async Task A_group_that_was_joined_is_heard_once_and_answered(string address, string group)
    {
        int network = group.Contains(':') ? RequireIPv6Network() : LoopbackIndex();
        await using GainServer server = GainServer.Start(
            new AddressTeller(), address, new GainOptions { Ring = Ring, WorkerCount = 2 });
        int port = server.EndPoints[0].Port;
        var target = new IPEndPoint(IPAddress.Parse(group), port);
        GainAddress joined = GainAddress.FromIPEndPoint(target);
        server.GetDatagramHandle(worker: 1).JoinMulticast(joined, network);
        using Socket client = NewSender(target, network);

        client.SendTo([1], target);
        byte[] buffer = new byte[200];
        int length = await client.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
        Assert.That(Encoding.ASCII.GetString(buffer.AsSpan(0, length)), Does.EndWith($" {target}"));

        // Nobody hears it anymore, but for what is sent to the server itself.
        server.GetDatagramHandle(worker: 1).LeaveMulticast(joined, network);
        client.SendTo([2], target);
        IPAddress own = target.AddressFamily == AddressFamily.InterNetwork
            ? IPAddress.Loopback
            : IPAddress.IPv6Loopback;
        _ = await AskAsync(Connect(own, port), [3]);
        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(2));
    }

    [Test]
    public async Task A_server_may_listen_on_a_group()
    {
        await using GainServer server = GainServer.Start(
            new AddressTeller(), "udp4://239.7.7.10:0", new GainOptions { Ring = Ring, WorkerCount = 1 });
        IPEndPoint target = server.EndPoints[0];
        server.GetDatagramHandle().JoinMulticast(GainAddress.FromIPEndPoint(target), LoopbackIndex());
        using Socket client = NewSender(target, LoopbackIndex());
        client.SendTo([1], target);
        byte[] buffer = new byte[200];
        int length = await client.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
        string expected = $"{client.LocalEndPoint} {target}";
        Assert.That(Encoding.ASCII.GetString(buffer.AsSpan(0, length)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Other_addresses_are_no_groups_and_a_group_is_joined_once()
    {
        await using GainServer server = GainServer.Start(
            new DatagramEcho(), "udp4://:0", new GainOptions { Ring = Ring, WorkerCount = 1 });
        DatagramHandle handle = server.GetDatagramHandle();
        Assert.Throws<ArgumentException>(() => handle.JoinMulticast(GainAddress.Unix));
        Assert.Throws<ArgumentException>(
            () => handle.JoinMulticast(new GainAddress(GainAddress.MapV4(0x7F000001), 0)));
        var group = new GainAddress(GainAddress.MapV4(0xEF070709), 0);
        handle.JoinMulticast(group, LoopbackIndex());
        GainException refused = Assert.Throws<GainException>(
            () => handle.JoinMulticast(group, LoopbackIndex()))!;
        Assert.That(refused.Message, Does.Contain("239.7.7.9").And.Contain("EADDRINUSE"));
        handle.LeaveMulticast(group, LoopbackIndex());
        Assert.Throws<GainException>(() => handle.LeaveMulticast(group, LoopbackIndex()));
        Assert.Throws<InvalidOperationException>(() => default(DatagramHandle).JoinMulticast(group));
    }

    private static DatagramFailure FailureOf(DatagramHandle handle, GainAddress address, int length)
    {
        Assert.That(handle.TrySendTo(address, new byte[length], out DatagramFailure failure), Is.False);
        return failure;
    }

    private static Socket NewSender(IPEndPoint target, int interfaceIndex)
    {
        var client = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (target.AddressFamily == AddressFamily.InterNetwork)
        {
            client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            client.SetSocketOption(
                SocketOptionLevel.IP,
                SocketOptionName.MulticastInterface,
                IPAddress.HostToNetworkOrder(interfaceIndex));
        }
        else
        {
            client.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            client.SetSocketOption(
                SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, interfaceIndex);
        }

        return client;
    }

    // Over the loopback interface IPv6 has no multicast.
    private static int RequireIPv6Network()
    {
        NetworkInterface? network = NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one =>
            one is { OperationalStatus: OperationalStatus.Up, SupportsMulticast: true }
            && one.NetworkInterfaceType != NetworkInterfaceType.Loopback
            && one.GetIPProperties().UnicastAddresses.Any(own => own.Address.IsIPv6LinkLocal));
        if (network is null)
        {
            Assert.Ignore("The machine has no network interface with IPv6 and multicast.");
        }

        return network!.GetIPProperties().GetIPv6Properties().Index;
    }

    private static int LoopbackIndex() =>
        int.Parse(File.ReadAllText("/sys/class/net/lo/ifindex"), CultureInfo.InvariantCulture);
}

/// <summary>Answers each datagram from another thread.</summary>
[GainProtocol]
internal partial struct LaterEcho
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        DatagramHandle handle = datagram.Handle;
        GainAddress peer = datagram.RemoteAddress;
        byte[] copy = data.ToArray();
        Task.Run(() => Assert.That(handle.TrySendTo(peer, copy)));
    }
}
