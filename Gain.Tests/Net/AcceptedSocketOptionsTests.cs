using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Rings;
using static Gain.Kernel.SocketAbi;

namespace Gain.Tests.Net;

/// <summary>What is set on accepted sockets one by one: what was asked for, and nothing else.</summary>
public sealed class AcceptedSocketOptionsTests
{
    [TestCase(false, false, false)]
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    [TestCase(false, false, true)]
    [TestCase(false, true, true)]
    public void Unix_socket_has_the_buffers_that_were_asked_for(bool quickAck, bool receives, bool sends)
    {
        const int Bytes = 40_000;
        var settings = new SocketSettings
        {
            QuickAck = quickAck,
            ReceiveBufferBytes = receives ? Bytes : null,
            SendBufferBytes = sends ? Bytes : null,
        };
        var options = AcceptedSocketOptions.For(settings, isUnix: true);
        Assert.That(options is not null, Is.EqualTo(receives || sends));
        (int ours, int peers) = Server.Descriptors.UnixPair();
        int receiveBefore = Read(ours, SO_RCVBUF);
        int sendBefore = Read(ours, SO_SNDBUF);
        Assert.That(options?.Apply(ours) ?? 0, Is.Zero);

        // The kernel doubles what it is given.
        Assert.That(Read(ours, SO_RCVBUF), Is.EqualTo(receives ? 2 * Bytes : receiveBefore));
        Assert.That(Read(ours, SO_SNDBUF), Is.EqualTo(sends ? 2 * Bytes : sendBefore));
        Libc.Close(ours);
        Libc.Close(peers);
        Assert.That(options?.Apply(-1) ?? -Errno.EBADF, Is.EqualTo(-Errno.EBADF));
    }

    [Test]
    public void Connection_acknowledges_at_once_where_asked_for_and_has_its_listeners_buffers()
    {
        var settings = new SocketSettings { ReceiveBufferBytes = 40_000, SendBufferBytes = 40_000 };
        Assert.That(AcceptedSocketOptions.For(settings, isUnix: false), Is.Null);
        var options = AcceptedSocketOptions.For(new SocketSettings { QuickAck = true }, isUnix: false);
        (int ours, int peers) = RingUnderTest.TcpPair();
        SocketOptions.SetInt(ours, IPPROTO_TCP, TCP_QUICKACK, 0);
        Assert.That(options!.Apply(ours), Is.Zero);
        Assert.That(SocketOptions.GetInt(ours, IPPROTO_TCP, TCP_QUICKACK, out int isQuick), Is.Zero);
        Assert.That(isQuick, Is.EqualTo(1));
        Libc.Close(ours);
        Libc.Close(peers);
        Assert.That(options.Apply(-1), Is.EqualTo(-Errno.EBADF));
    }

    private static int Read(int fd, int name)
    {
        Assert.That(SocketOptions.GetInt(fd, SOL_SOCKET, name, out int value), Is.Zero);
        return value;
    }
}
