using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Commands of sockets and block devices.</summary>
[TestFixture]
internal sealed unsafe class CommandTests
{
    private const int SocketLevel = 1;
    private const int Type = 3;
    private const int KeepAlive = 9;

    [Test]
    public void A_socket_tells_what_is_in_its_queues()
    {
        using DescriptorPair pair = TcpPair.Create();
        using Ring ring = Create();
        pair.Write("12345"u8);
        pollfd ready = new() { fd = pair.First, events = Libc.POLLIN };
        Assert.That(Libc.Poll(&ready, 1, -1), Is.EqualTo(1));
        ring.Entry(1).PrepCmdSock(SocketCommand.InputQueue, pair.First, 0, 0, null, 0);
        ring.Entry(2).PrepCmdSock(SocketCommand.OutputQueue, pair.First, 0, 0, null, 0);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([5, 0]));
    }

    [Test]
    public void Options_are_read_and_set()
    {
        using DescriptorPair pair = TcpPair.Create();
        using Ring ring = Create();
        int type = 0;
        ring.Entry(1).PrepCmdSock(SocketCommand.GetOption, pair.First, SocketLevel, Type, &type, sizeof(int));
        Assert.That(ring.Next().Result, Is.EqualTo(sizeof(int)));
        Assert.That(type, Is.EqualTo(1));
        int on = 1;
        ring.Entry(2).PrepCmdSock(
            SocketCommand.SetOption, pair.First, SocketLevel, KeepAlive, &on, sizeof(int));
        Assert.That(ring.Next().Result, Is.Zero);

        int told = 0;
        uint length = sizeof(int);
        Assert.That(Libc.GetSockOpt(pair.First, SocketLevel, KeepAlive, &told, &length), Is.Zero);
        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void A_socket_tells_its_name_where_the_kernel_can()
    {
        using DescriptorPair pair = TcpPair.Create();
        using NativeBuffers buffers = new(2, 32);
        using Ring ring = Create();
        uint length = 32;
        ring.Entry(1).PrepCmdGetsockname(pair.First, buffers.At(0), &length, peer: false);
        int result = ring.Next().Result;
        if (result is -Errno.EOPNOTSUPP or -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.19: sockets do not tell their names to a ring");
        }

        Assert.That(result, Is.Zero);
        uint same = 32;
        Assert.That(Libc.GetSockName(pair.First, buffers.At(1), &same), Is.Zero);
        Assert.That(buffers.Copy(0, (int)length), Is.EqualTo(buffers.Copy(1, (int)same)));
    }

    [Test]
    public void A_file_without_commands_says_so()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = Create();
        ring.Entry(1).PrepUringCmd(7, pipe.First);
        ring.Entry(2).PrepCmdDiscard(pipe.First, 0, 4096);
        ring.Entry(3).PrepCmdZoneResetAll(pipe.First);

        Assert.That(ring.Next(3).Select(c => c.Result), Is.All.EqualTo(-Errno.EOPNOTSUPP));
    }

    [Test]
    public void The_data_of_a_command_is_the_end_of_the_entry()
    {
        using Ring ring = TestRing.Create();
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepUringCmd(7, -1);

        entry.Command.Fill(0xFF);

        Assert.That(entry.Command.Length, Is.EqualTo(16));
        Assert.That(entry.UserData, Is.EqualTo(1));
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EBADF));
    }

    private static Ring Create()
    {
        Ring ring = TestRing.Create();
        ring.Require(RingOperation.Command);
        return ring;
    }
}
