using System.Net;
using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>What every ring promises of connects, proved on real sockets.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
internal sealed unsafe class ConnectContractTests(GainRing kind)
{
    private const ulong Connect = 1;
    private const ulong Cancel = 2;
    private const ulong Read = 3;

    private readonly List<int> _descriptors = [];
    private readonly OutgoingSockets _sockets = new(new SocketSettings(), new DialOptions());

    [TearDown]
    public void CloseDescriptors()
    {
        _descriptors.ForEach(fd => Libc.Close(fd));
        _descriptors.Clear();
    }

    [Test]
    public void A_connect_completes_and_the_socket_receives()
    {
        using var test = new RingUnderTest(kind);
        sockaddr_storage address = Listen(backlog: 4, out int listener);
        int socket = Begin(test, address);
        AssertLast(test.Next(), Connect, 0);
        Assert.That(test.Ring.FinishConnect(socket), Is.Zero);
        int peer = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        _descriptors.Add(peer);
        test.Ring.PrepReceive(socket, Read);
        RingUnderTest.Send(peer, [1, 2, 3]);
        Assert.That(test.Take(test.Next()), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Libc.Shutdown(peer, SocketAbi.SHUT_WR);
        AssertLast(test.Next(), Read, 0);
        test.Ring.Close(socket);
    }

    [Test]
    public void A_connect_to_nobody_is_refused()
    {
        using var test = new RingUnderTest(kind);
        sockaddr_storage address = Listen(backlog: -1, out _);
        int socket = Begin(test, address);
        AssertLast(test.Next(), Connect, -Errno.ECONNREFUSED);
        test.Ring.Close(socket);
    }

    // A full queue drops the SYN, as a host that is not there does.
    [Test]
    public void A_connect_that_nobody_answers_ends_when_it_is_cancelled()
    {
        using var test = new RingUnderTest(kind);
        sockaddr_storage address = Listen(backlog: 0, out _);
        int first = Begin(test, address);
        AssertLast(test.Next(), Connect, 0);
        int socket = Begin(test, address);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepCancel(Connect, Cancel);
        CompletionEntry[] both = [test.Next(), test.Next()];
        Assert.That(
            both.Select(completion => (completion.UserData, completion.Result)),
            Is.EquivalentTo(new[] { (Connect, -Errno.ECANCELED), (Cancel, 0) }));
        Assert.That(test.Ready(), Is.Empty, "completions after the last one");
        test.Ring.Close(socket);
        test.Ring.Close(first);
    }

    [Test]
    public void The_cancellation_of_a_connect_that_is_over_finds_nothing()
    {
        using var test = new RingUnderTest(kind);
        sockaddr_storage address = Listen(backlog: 4, out _);
        int socket = Begin(test, address);
        AssertLast(test.Next(), Connect, 0);
        test.Ring.PrepCancel(Connect, Cancel);
        AssertLast(test.Next(), Cancel, -Errno.ENOENT);
        test.Ring.Close(socket);
    }

    // A port that it is bound to and nobody listens on: both ends of the connection are this socket.
    [Test]
    public void A_socket_that_has_connected_to_itself_is_refused()
    {
        using var test = new RingUnderTest(kind);
        int socket = test.Ring.OpenOutgoing(_sockets, SocketAbi.AF_INET);
        Assert.That(SocketOptions.Bind(socket, new IPEndPoint(IPAddress.Loopback, 0)), Is.Zero);
        Assert.That(SocketOptions.TryGetLocal(socket, out GainAddress own));
        EndPointConversion.ToSockAddr(own, SocketAbi.AF_INET, out sockaddr_storage address);
        test.Ring.PrepConnect(socket, in address, (uint)Unsafe.SizeOf<sockaddr_in>(), Connect);
        AssertLast(test.Next(), Connect, 0);
        Assert.That(test.Ring.FinishConnect(socket), Is.EqualTo(-Errno.ECONNREFUSED));
        test.Ring.Close(socket);
    }

    [Test]
    public void A_connect_to_a_full_Unix_socket_fails_at_once()
    {
        using var test = new RingUnderTest(kind);
        UnixAddress name = UnixAddress.Abstract($"gain-{Guid.NewGuid():N}", isDatagram: false);
        int listener = SocketOptions.OpenUnix(isDatagram: false);
        _descriptors.Add(listener);
        Assert.That(SocketOptions.BindUnix(listener, name), Is.Zero);
        Assert.That(Libc.Listen(listener, 0), Is.Zero);
        uint length = name.ToSockAddr(out sockaddr_storage address);
        int first = test.Ring.OpenOutgoing(_sockets, SocketAbi.AF_UNIX);
        test.Ring.PrepConnect(first, in address, length, Connect);
        AssertLast(test.Next(), Connect, 0);
        int second = test.Ring.OpenOutgoing(_sockets, SocketAbi.AF_UNIX);
        test.Ring.PrepConnect(second, in address, length, Connect);
        AssertLast(test.Next(), Connect, -Errno.EAGAIN);
        test.Ring.Close(second);

        // io_uring waits by itself on blocking sockets alone.
        Assert.That(test.Ring.FinishConnect(first), Is.Zero);
        test.Ring.PrepReceive(first, Read);
        Assert.That(test.Ready(), Is.Empty);
        int peer = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        Libc.Close(peer);
        AssertLast(test.Next(), Read, 0);
        test.Ring.Close(first);
    }

    [Test]
    public void One_local_port_serves_connections_to_two_targets()
    {
        var sockets = new OutgoingSockets(
            new SocketSettings(), new DialOptions { LocalAddress = IPAddress.Loopback });
        int fd = sockets.Open(SocketAbi.AF_INET, 0);
        _descriptors.Add(fd);
        Assert.That(fd, Is.Positive);
        Assert.That(SocketOptions.TryGetLocal(fd, out GainAddress local));
        Assert.That(local.Port, Is.Zero, "the bind took a port, and it is the connect that should");
    }

    private int Begin(RingUnderTest test, sockaddr_storage address)
    {
        int socket = test.Ring.OpenOutgoing(_sockets, SocketAbi.AF_INET);
        Assert.That(socket, Is.Positive);
        test.Ring.PrepConnect(socket, in address, (uint)Unsafe.SizeOf<sockaddr_in>(), Connect);
        return socket;
    }

    // With a negative backlog it is bound, and does not listen.
    private sockaddr_storage Listen(int backlog, out int listener)
    {
        listener = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        _descriptors.Add(listener);
        Assert.That(SocketOptions.Bind(listener, new IPEndPoint(IPAddress.Loopback, 0)), Is.Zero);
        if (backlog >= 0)
        {
            Assert.That(Libc.Listen(listener, backlog), Is.Zero);
        }

        Assert.That(SocketOptions.TryGetLocal(listener, out GainAddress address));
        EndPointConversion.ToSockAddr(address, SocketAbi.AF_INET, out sockaddr_storage storage);
        return storage;
    }

    private static void AssertLast(CompletionEntry completion, ulong userData, int result)
    {
        Assert.That((completion.UserData, completion.Result), Is.EqualTo((userData, result)));
        Assert.That(completion.HasMore, Is.False);
    }
}
