using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class SocketOperationTests
{
    private const int DontWait = 0x40;
    private const int WaitAll = 0x100;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x80000;

    [Test]
    public void A_receive_waits_for_bytes_then_sees_the_end()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 16);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 16, 0);
        ring.AssertIdle();
        pair.Write("hello"u8);
        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(buffers.Copy(0, 5), Is.EqualTo("hello"u8.ToArray()));

        pair.CloseSecond();
        ring.Entry(2).PrepRecv(pair.First, buffers.At(0), 16, 0);

        Assert.That(ring.Next().Result, Is.Zero);
    }

    [Test]
    public void A_receive_that_must_not_wait_completes_with_EAGAIN()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 16);
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 16, DontWait);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EAGAIN));
    }

    [Test]
    public void A_send_delivers_its_bytes()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 16);
        using Ring ring = TestRing.Create();
        "hello"u8.CopyTo(new Span<byte>(buffers.At(0), 16));

        ring.Entry(1).PrepSend(pair.Second, buffers.At(0), 5, NoSignal);

        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(pair.Read(16), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public void A_send_with_WAITALL_completes_when_all_went_out()
    {
        const int bytes = 4 << 20;
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, bytes);
        using Ring ring = TestRing.Create();
        new Span<byte>(buffers.At(0), bytes).Fill(0x5A);
        ring.Entry(1).PrepSend(pair.Second, buffers.At(0), bytes, NoSignal | WaitAll);
        ring.AssertIdle();

        int received = 0;
        while (received < bytes)
        {
            byte[] piece = pair.Read(1 << 16);
            Assert.That(piece.AsSpan().ContainsAnyExcept((byte)0x5A), Is.False);
            received += piece.Length;
            ring.GetEvents();
        }

        Assert.That(ring.Next().Result, Is.EqualTo(bytes));
    }

    [Test]
    public void A_send_to_a_closed_peer_completes_with_EPIPE()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 16);
        using Ring ring = TestRing.Create();
        pair.CloseSecond();

        ring.Entry(1).PrepSend(pair.First, buffers.At(0), 5, NoSignal);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EPIPE));
    }

    [Test]
    public void A_message_gathers_its_pieces()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, 16);
        using Ring ring = TestRing.Create();
        "hel"u8.CopyTo(new Span<byte>(buffers.At(0), 16));
        "lo"u8.CopyTo(new Span<byte>(buffers.At(1), 16));
        iovec* pieces = stackalloc iovec[2];
        pieces[0] = new iovec { iov_base = buffers.At(0), iov_len = 3 };
        pieces[1] = new iovec { iov_base = buffers.At(1), iov_len = 2 };
        msghdr message = new() { msg_iov = pieces, msg_iovlen = 2 };

        ring.Entry(1).PrepSendMsg(pair.Second, &message, NoSignal);

        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(pair.Read(16), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public void An_accept_takes_one_connection_and_its_address()
    {
        using Socket listener = Listen(out EndPoint endPoint);
        using Ring ring = TestRing.Create();
        byte* address = stackalloc byte[28];
        uint length = 28;
        ring.Entry(1).PrepAccept((int)listener.Handle, address, &length, CloseOnExec);
        ring.AssertIdle();
        using Socket client = Connect(endPoint);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.Result, Is.GreaterThan(0));
        Assert.That(completion.HasMore, Is.False);
        Assert.That(length, Is.EqualTo(16));
        int port = (address[2] << 8) | address[3];
        Assert.That(port, Is.EqualTo(((IPEndPoint)client.LocalEndPoint!).Port));
        Assert.That(Libc.Close(completion.Result), Is.Zero);
    }

    [Test]
    public void A_multishot_accept_goes_on_until_it_is_cancelled()
    {
        using Socket listener = Listen(out EndPoint endPoint);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepAcceptMultishot((int)listener.Handle, CloseOnExec);
        for (int i = 0; i < 5; i++)
        {
            ring.AssertIdle();
            using Socket client = Connect(endPoint);
            CompletionEntry accepted = ring.Next();
            Assert.That(accepted.UserData, Is.EqualTo(1));
            Assert.That(accepted.Result, Is.GreaterThan(0));
            Assert.That(accepted.HasMore);
            Assert.That(Libc.Close(accepted.Result), Is.Zero);
        }

        ring.Entry(2).PrepCancel(1, CancelFlags.None);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[0].HasMore, Is.False);
        Assert.That(completions[1].Result, Is.Zero);
    }

    private static Socket Listen(out EndPoint endPoint)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        endPoint = listener.LocalEndPoint!;
        return listener;
    }

    private static Socket Connect(EndPoint endPoint)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        return client;
    }
}
