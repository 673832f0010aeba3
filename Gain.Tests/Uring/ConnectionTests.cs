using System.Net;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Connections that are made, accepted and ended by the ring alone.</summary>
[TestFixture]
internal sealed unsafe class ConnectionTests
{
    private const int Internet = 2;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int AddressBytes = 16;
    private const int Write = 1;

    [Test]
    public void Sockets_are_made_bound_connected_accepted_and_shut_down()
    {
        using NativeBuffers buffers = new(2, 32);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.Listen);
        int listener = Make(ring);
        Loopback(buffers);
        ring.Entry(1).PrepBind(listener, buffers.At(0), AddressBytes);
        Assert.That(ring.Next().Result, Is.Zero);
        ring.Entry(2).PrepListen(listener, 8);
        Assert.That(ring.Next().Result, Is.Zero);
        TakePort(listener, buffers);
        int client = Make(ring);
        ring.Entry(3).PrepAccept(listener, null, null, CloseOnExec);
        ring.Entry(4).PrepConnect(client, buffers.At(0), AddressBytes);
        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.GreaterThan(0));
        Assert.That(completions[1].Result, Is.Zero);

        ring.Entry(5).PrepShutdown(client, Write);
        Assert.That(ring.Next().Result, Is.Zero);

        ring.Entry(6).PrepRecv(completions[0].Result, buffers.At(1), 32, 0);
        Assert.That(ring.Next().Result, Is.Zero, "The end of file.");
        Close(listener, client, completions[0].Result);
    }

    [Test]
    public void A_connection_that_nobody_accepts_is_refused()
    {
        using NativeBuffers buffers = new(1, 32);
        using Ring ring = TestRing.Create();
        int listener = Make(ring);
        Loopback(buffers);
        Assert.That(Libc.Bind(listener, buffers.At(0), AddressBytes), Is.Zero);
        TakePort(listener, buffers);
        int client = Make(ring);

        ring.Entry(1).PrepConnect(client, buffers.At(0), AddressBytes);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ECONNREFUSED));
        Close(listener, client);
    }

    [Test]
    public void A_second_bind_to_a_port_is_refused()
    {
        using NativeBuffers buffers = new(1, 32);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.Bind);
        int first = Make(ring);
        int second = Make(ring);
        Loopback(buffers);
        Assert.That(Libc.Bind(first, buffers.At(0), AddressBytes), Is.Zero);
        TakePort(first, buffers);

        ring.Entry(1).PrepBind(second, buffers.At(0), AddressBytes);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EADDRINUSE));
        Close(first, second);
    }

    [Test]
    public void Sockets_live_in_the_table_from_start_to_end()
    {
        using NativeBuffers buffers = new(2, 32);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.Listen);
        using FixedFiles files = ring.RegisterFilesSparse(8);
        ring.Entry(1).PrepSocketDirect(Internet, Stream, 0, 3, 0);
        Assert.That(ring.Next().Result, Is.Zero);
        ring.Entry(2).PrepSocketDirectAlloc(Internet, Stream, 0, 0);
        int client = ring.Next().Result;
        Assert.That(client, Is.GreaterThanOrEqualTo(0).And.Not.EqualTo(3));
        Loopback(buffers);
        SubmissionEntry bind = ring.Entry(3);
        bind.PrepBind(3, buffers.At(0), AddressBytes);
        bind.Flags = SubmissionFlags.FixedFile | SubmissionFlags.Link;
        SubmissionEntry listen = ring.Entry(4);
        listen.PrepListen(3, 8);
        listen.Flags = SubmissionFlags.FixedFile;
        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([0, 0]));
        ring.Entry(5).PrepFixedFdInstall(3, InstallFlags.None);
        int descriptor = ring.Next().Result;
        TakePort(descriptor, buffers);
        SubmissionEntry accept = ring.Entry(6);
        accept.PrepAcceptDirect(3, null, null, 0, FixedFiles.AnyIndex);
        accept.Flags = SubmissionFlags.FixedFile;
        SubmissionEntry connect = ring.Entry(7);
        connect.PrepConnect(client, buffers.At(0), AddressBytes);
        connect.Flags = SubmissionFlags.FixedFile;

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.InRange(0, 7).And.Not.EqualTo(3).And.Not.EqualTo(client));
        Assert.That(completions[1].Result, Is.Zero);
        Close(descriptor);
    }

    [Test]
    public void A_multishot_accept_fills_the_table_until_it_is_full()
    {
        using NativeBuffers buffers = new(1, 32);
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFilesSparse(2);
        int listener = Make(ring);
        Loopback(buffers);
        Assert.That(Libc.Bind(listener, buffers.At(0), AddressBytes), Is.Zero);
        Assert.That(Libc.Listen(listener, 8), Is.Zero);
        IPEndPoint endPoint = new(IPAddress.Loopback, TakePort(listener, buffers));
        ring.Entry(1).PrepMultishotAcceptDirect(listener, null, null, 0);
        for (int expected = 0; expected < 2; expected++)
        {
            ring.AssertIdle();
            using System.Net.Sockets.TcpClient client = new();
            client.Connect(endPoint);
            CompletionEntry accepted = ring.Next();
            Assert.That(accepted.Result, Is.EqualTo(expected));
            Assert.That(accepted.HasMore);
        }

        using System.Net.Sockets.TcpClient last = new();
        last.Connect(endPoint);

        CompletionEntry full = ring.Next();
        Assert.That(full.Result, Is.EqualTo(-Errno.ENFILE));
        Assert.That(full.HasMore, Is.False);
        Close(listener);
    }

    [Test]
    public void A_multishot_accept_tells_each_peers_address()
    {
        using NativeBuffers buffers = new(2, 32);
        using Ring ring = TestRing.Create();
        int listener = Make(ring);
        Loopback(buffers);
        Assert.That(Libc.Bind(listener, buffers.At(0), AddressBytes), Is.Zero);
        Assert.That(Libc.Listen(listener, 8), Is.Zero);
        IPEndPoint endPoint = new(IPAddress.Loopback, TakePort(listener, buffers));
        uint length = 32;
        ring.Entry(1).PrepMultishotAccept(listener, buffers.At(1), &length, CloseOnExec);
        for (int i = 0; i < 3; i++)
        {
            ring.AssertIdle();
            using System.Net.Sockets.TcpClient client = new();
            client.Connect(endPoint);
            CompletionEntry accepted = ring.Next();
            Assert.That(accepted.HasMore);
            int port = ((IPEndPoint)client.Client.LocalEndPoint!).Port;
            Assert.That((buffers.At(1)[2] << 8) | buffers.At(1)[3], Is.EqualTo(port));
            Close(accepted.Result);
        }

        Close(listener);
    }

    [Test]
    public void An_accept_that_must_not_wait_completes_with_EAGAIN()
    {
        using NativeBuffers buffers = new(1, 32);
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.Bundles);
        int listener = Make(ring);
        Loopback(buffers);
        Assert.That(Libc.Bind(listener, buffers.At(0), AddressBytes), Is.Zero);
        Assert.That(Libc.Listen(listener, 8), Is.Zero);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepAccept(listener, null, null, 0);
        entry.IoPriority = (ushort)AcceptFlags.DontWait;

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EAGAIN));

        Close(listener);
    }

    private static int Make(Ring ring)
    {
        ring.Require(RingOperation.Socket);
        ring.Entry(0).PrepSocket(Internet, Stream | CloseOnExec, 0, 0);
        int fd = ring.Next().Result;
        Assert.That(fd, Is.GreaterThan(0));
        return fd;
    }

    // 127.0.0.1, any port.
    private static void Loopback(NativeBuffers buffers)
    {
        byte[] address = [Internet, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        address.CopyTo(new Span<byte>(buffers.At(0), AddressBytes));
    }

    private static int TakePort(int socket, NativeBuffers buffers)
    {
        uint length = AddressBytes;
        Assert.That(Libc.GetSockName(socket, buffers.At(0), &length), Is.Zero);
        return (buffers.At(0)[2] << 8) | buffers.At(0)[3];
    }

    private static void Close(params int[] descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            Assert.That(Libc.Close(descriptor), Is.Zero);
        }
    }
}
