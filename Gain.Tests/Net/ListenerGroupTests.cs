using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

[NonParallelizable]
public sealed class ListenerGroupTests
{
    private string[] _socketsBefore = [];

    [SetUp]
    public void CountSockets() => _socketsBefore = OpenSockets.List();

    [TearDown]
    public void Every_socket_is_closed() => Assert.That(OpenSockets.List(), Is.EqualTo(_socketsBefore));

    [TestCase(1)]
    [TestCase(3)]
    public void Port_0_gives_every_worker_the_same_free_port(int workers)
    {
        using ListenerGroup group = Listen.On("tcp://127.0.0.1:0", workers);

        IPEndPoint bound = group.BoundEndpoints.Single();
        Assert.That(bound.Address, Is.EqualTo(IPAddress.Loopback));
        Assert.That(bound.Port, Is.Positive);
        for (int worker = 0; worker < workers; worker++)
        {
            int fd = group.TakeListener(worker, 0);
            Assert.That(SocketOptions.GetLocalEndPoint(fd), Is.EqualTo(bound));
            Libc.Close(fd);
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Port_0_gives_every_address_of_a_name_the_same_port(int workers)
    {
        Listen.SkipWithoutIPv6();

        using ListenerGroup group = Listen.On("tcp://localhost:0", workers);

        int port = group.BoundEndpoints[0].Port;
        Assert.That(group.ListenersPerWorker, Is.EqualTo(2));
        Assert.That(group.BoundEndpoints[0], Is.EqualTo(new IPEndPoint(IPAddress.Loopback, port)));
        Assert.That(group.BoundEndpoints[1], Is.EqualTo(new IPEndPoint(IPAddress.IPv6Loopback, port)));
        CanConnect(group.BoundEndpoints[0]);
        CanConnect(group.BoundEndpoints[1]);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Port_0_is_given_up_when_no_choice_is_free_on_every_address(int workers)
    {
        // The second end point is the first again, so that no port is ever free on both.
        var address = ListenAddress.Parse("tcp://127.0.0.1:0");
        ListenEndPoint[] endPoints = [address.Resolve()[0], address.Resolve()[0]];

        var error = Assert.Throws<GainException>(
            () => ListenerGroup.Open(address, endPoints, workers, backlog: 1));

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(error.Message, Does.Contain("net.ipv4.ip_local_port_range"));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void The_wildcard_takes_IPv4_and_IPv6(int workers)
    {
        Listen.SkipWithoutIPv6();

        using ListenerGroup group = Listen.On("tcp://:0", workers);

        IPEndPoint bound = group.BoundEndpoints.Single();
        Assert.That(bound.Address, Is.EqualTo(IPAddress.IPv6Any));
        CanConnect(new IPEndPoint(IPAddress.Loopback, bound.Port));
        CanConnect(new IPEndPoint(IPAddress.IPv6Loopback, bound.Port));
    }

    [Test]
    public void A_peer_on_IPv4_of_a_dual_stack_listener_has_an_IPv4_address()
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On("tcp://:0");
        int listener = group.TakeListener(0, 0);
        using Socket client = Connect(new IPEndPoint(IPAddress.Loopback, group.BoundEndpoints[0].Port));

        int accepted = Accept(listener);

        Assert.That(SocketOptions.GetPeerEndPoint(accepted), Is.EqualTo(client.LocalEndPoint));
        Assert.That(SocketOptions.GetLocalEndPoint(accepted), Is.EqualTo(client.RemoteEndPoint));
        Libc.Close(accepted);
        Libc.Close(listener);
    }

    [Test]
    public void Tcp6_leaves_the_port_to_another_server_on_IPv4()
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup onIPv6 = Listen.On("tcp6://:0", workers: 2);
        int port = onIPv6.BoundEndpoints[0].Port;

        using ListenerGroup onIPv4 = Listen.On($"tcp4://:{port}", workers: 2);

        CanConnect(new IPEndPoint(IPAddress.Loopback, port));
        CanConnect(new IPEndPoint(IPAddress.IPv6Loopback, port));
    }

    [Test]
    public void Sockets_listen_and_block_and_close_on_exec()
    {
        using ListenerGroup group = Listen.On("tcp://127.0.0.1:0", workers: 2);
        int first = group.TakeListener(0, 0);
        int second = group.TakeListener(1, 0);

        foreach (int listener in new[] { first, second })
        {
            Assert.That(OpenSockets.IsBlocking(listener), Is.True);
            Assert.That(OpenSockets.IsClosedOnExec(listener), Is.True);
            Assert.That(OptionOf(listener, SocketAbi.SOL_SOCKET, SocketAbi.SO_ACCEPTCONN), Is.EqualTo(1));
        }
        Libc.Close(first);
        Libc.Close(second);
    }

    [Test]
    public void An_accepted_socket_inherits_NODELAY()
    {
        using ListenerGroup group = Listen.On("tcp://127.0.0.1:0");
        int listener = group.TakeListener(0, 0);
        using Socket client = Connect(group.BoundEndpoints[0]);

        int accepted = Accept(listener);

        Assert.That(OptionOf(accepted, SocketAbi.IPPROTO_TCP, SocketAbi.TCP_NODELAY), Is.EqualTo(1));
        Libc.Close(accepted);
        Libc.Close(listener);
    }

    [Test]
    public void One_worker_shares_no_port()
    {
        using ListenerGroup group = Listen.On("tcp://127.0.0.1:0");
        int listener = group.TakeListener(0, 0);

        Assert.That(OptionOf(listener, SocketAbi.SOL_SOCKET, SocketAbi.SO_REUSEPORT), Is.Zero);
        Assert.That(group.IsSealed, Is.True);
        Libc.Close(listener);
    }

    // Nothing keeps others off a wildcard of both families that workers share.
    [TestCase("tcp://127.0.0.1:0", 3, true)]
    [TestCase("tcp://:0", 1, true)]
    [TestCase("tcp://:0", 3, false)]
    public void Addresses_that_others_may_share_are_named(string address, int workers, bool isSealed)
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On(address, workers);

        Assert.That(group.IsSealed, Is.EqualTo(isSealed));
        Assert.That(group.UnsealedAddresses, Is.EqualTo(isSealed ? [] : group.Addresses));
    }

    [Test]
    public void A_taken_listener_is_the_callers_and_the_rest_the_groups()
    {
        ListenerGroup group = Listen.On("tcp://127.0.0.1:0", workers: 2);
        IPEndPoint bound = group.BoundEndpoints[0];
        int taken = group.TakeListener(0, 0);

        Assert.That(() => group.TakeListener(0, 0), Throws.InvalidOperationException);
        group.Dispose();
        group.Dispose();

        Assert.That(SocketOptions.GetLocalEndPoint(taken), Is.EqualTo(bound));
        Assert.That(() => group.TakeListener(1, 0), Throws.InvalidOperationException);
        Libc.Close(taken);
    }

    [Test]
    public void A_failure_half_way_closes_everything_and_frees_the_port()
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup rival = Listen.On("tcp://[::1]:0");
        int port = rival.BoundEndpoints[0].Port;
        string[] before = OpenSockets.List();

        Listen.IsRefusedAsInUse($"tcp://localhost:{port}", workers: 4);

        Assert.That(OpenSockets.List(), Is.EqualTo(before));
        using ListenerGroup onIPv4 = Listen.On($"tcp://127.0.0.1:{port}");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Listens_again_at_once_while_old_connections_are_open_or_in_TIME_WAIT(int workers)
    {
        ListenerGroup group = Listen.On("tcp://127.0.0.1:0");
        IPEndPoint bound = group.BoundEndpoints[0];
        int listener = group.TakeListener(0, 0);
        using Socket open = Connect(bound);
        int draining = Accept(listener);
        using (Socket client = Connect(bound))
        {
            // The side that closes first is the one that keeps TIME_WAIT: here the server's.
            Libc.Close(Accept(listener));
            Assert.That(client.Receive(new byte[1]), Is.Zero, "the FIN is in");
        }
        Libc.Close(listener);
        group.Dispose();

        using ListenerGroup again = Listen.On($"tcp://{bound}", workers);

        Libc.Close(draining);
    }

    [Test]
    public void Refuses_counts_that_make_no_sense()
    {
        var address = ListenAddress.Parse("tcp://127.0.0.1:0");

        Assert.That(
            () => ListenerGroup.Open(address, workers: 0),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => ListenerGroup.Open(address, workers: 1, backlog: 0),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static int OptionOf(int fd, int level, int name)
    {
        Assert.That(SocketOptions.GetInt(fd, level, name, out int value), Is.Zero);
        return value;
    }

    private static void CanConnect(IPEndPoint endPoint)
    {
        using Socket client = Connect(endPoint);
        Assert.That(client.Connected, Is.True);
    }

    private static Socket Connect(IPEndPoint endPoint)
    {
        var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        return client;
    }

    private static unsafe int Accept(int listener)
    {
        int accepted = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        Assert.That(accepted, Is.GreaterThanOrEqualTo(0));
        return accepted;
    }
}
