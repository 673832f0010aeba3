using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;

namespace Gain.Tests.Rings;

/// <summary>Datagrams that are sent by system calls, one alone by another than several.</summary>
public sealed unsafe class DatagramCallsTests
{
    private const int ControlBytes = 24;

    private int _ours;
    private int _peers;

    [SetUp]
    public void Open()
    {
        int* pair = stackalloc int[2];
        const int Type = SocketAbi.SOCK_DGRAM | SocketAbi.SOCK_CLOEXEC | SocketAbi.SOCK_NONBLOCK;
        Assert.That(Libc.SocketPair(SocketAbi.AF_UNIX, Type, 0, pair), Is.Zero);
        _ours = pair[0];
        _peers = pair[1];
    }

    [TearDown]
    public void Close()
    {
        Libc.Close(_ours);
        Libc.Close(_peers);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void All_of_a_call_arrive_in_their_order(int count)
    {
        Assert.That(Send(_ours, count), Is.EqualTo(count));
        byte received;
        for (byte i = 0; i < count; i++)
        {
            Assert.That(Libc.Recv(_peers, &received, 1, 0), Is.EqualTo((nint)1));
            Assert.That(received, Is.EqualTo(i));
        }

        Assert.That(Libc.Recv(_peers, &received, 1, 0), Is.EqualTo((nint)(-Errno.EAGAIN)));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Control_data_goes_along(int count) => Assert.That(
        Send(_ours, count, controlBytes: ControlBytes), Is.EqualTo(-Errno.EINVAL), "it has no length");

    [TestCase(1)]
    [TestCase(2)]
    public void Error_is_the_kernels(int count)
    {
        Libc.Close(_peers);
        _peers = -1;
        Assert.That(Send(_ours, count), Is.EqualTo(-Errno.ECONNREFUSED));
        Assert.That(Send(-1, count), Is.EqualTo(-Errno.EBADF));
    }

    private static int Send(int socket, int count, int controlBytes = 0)
    {
        byte* payloads = stackalloc byte[count];
        iovec* pieces = stackalloc iovec[count];
        mmsghdr* messages = stackalloc mmsghdr[count];
        byte* control = stackalloc byte[ControlBytes];
        new Span<byte>(control, ControlBytes).Clear();
        for (int i = 0; i < count; i++)
        {
            payloads[i] = (byte)i;
            pieces[i] = new iovec { iov_base = payloads + i, iov_len = 1 };
            messages[i] = default;
            messages[i].msg_hdr.msg_iov = pieces + i;
            messages[i].msg_hdr.msg_iovlen = 1;
            messages[i].msg_hdr.msg_control = control;
            messages[i].msg_hdr.msg_controllen = (nuint)controlBytes;
        }

        return DatagramCalls.Send(socket, messages, count);
    }
}
