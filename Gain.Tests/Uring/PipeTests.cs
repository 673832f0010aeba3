using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Moving bytes through pipes, pipes of the ring's making, and epoll through the ring.</summary>
[TestFixture]
internal sealed unsafe class PipeTests
{
    private const int CloseOnExec = 0x80000;

    [Test]
    public void A_splice_moves_bytes_of_a_file_through_a_pipe()
    {
        using TempFolder folder = new();
        _ = folder.File("a", "0123456789"u8);
        _ = folder.File("b", []);
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();
        int from = folder.Open(ring, "a");
        int to = folder.Open(ring, "b");
        ring.Entry(1).PrepSplice(from, 2, pipe.Second, -1, 5, 0);
        Assert.That(ring.Next().Result, Is.EqualTo(5));

        ring.Entry(2).PrepSplice(pipe.First, -1, to, 1, 100, 0);

        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("\023456"));
        Assert.That(Libc.Close(from), Is.Zero);
        Assert.That(Libc.Close(to), Is.Zero);
    }

    [Test]
    public void A_splice_takes_a_registered_file()
    {
        using TempFolder folder = new();
        byte* path = folder.File("a", "0123"u8);
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFilesSparse(1);
        ring.Entry(1).PrepOpenDirect(path, 0, 0, 0);
        Assert.That(ring.Next().Result, Is.Zero);

        ring.Entry(2).PrepSplice(0, 0, pipe.Second, -1, 4, SubmissionEntry.SpliceFromFixedFile);

        Assert.That(ring.Next().Result, Is.EqualTo(4));
        Assert.That(pipe.Read(8), Is.EqualTo("0123"u8.ToArray()));
    }

    [Test]
    public void A_tee_leaves_the_bytes_where_they_are()
    {
        using DescriptorPair from = DescriptorPair.Pipe();
        using DescriptorPair to = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();
        from.Write("twice"u8);

        ring.Entry(1).PrepTee(from.First, to.Second, 100, 0);

        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(to.Read(8), Is.EqualTo("twice"u8.ToArray()));
        Assert.That(from.Read(8), Is.EqualTo("twice"u8.ToArray()));
    }

    [Test]
    public void A_pipe_is_made()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.Pipe);
        int* ends = stackalloc int[2];

        ring.Entry(1).PrepPipe(ends, CloseOnExec);

        Assert.That(ring.Next().Result, Is.Zero);
        byte value = 7;
        Assert.That(Libc.Write(ends[1], &value, 1), Is.EqualTo((nint)1));
        Assert.That(Libc.Read(ends[0], &value, 1), Is.EqualTo((nint)1));
        Assert.That(Libc.Close(ends[0]), Is.Zero);
        Assert.That(Libc.Close(ends[1]), Is.Zero);
    }

    [Test]
    public void A_pipe_is_made_of_registered_files([Values] bool anywhere)
    {
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.Pipe);
        using FixedFiles files = ring.RegisterFilesSparse(4);
        int* ends = stackalloc int[2];
        ring.Entry(1).PrepPipeDirect(ends, 0, anywhere ? FixedFiles.AnyIndex : 1);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That((ends[0], ends[1]), Is.EqualTo(anywhere ? (0, 1) : (1, 2)));
        SubmissionEntry write = ring.Entry(2);
        write.PrepWrite(ends[1], buffers.At(0), 3, 0);
        write.Flags = SubmissionFlags.FixedFile;
        Assert.That(ring.Next().Result, Is.EqualTo(3));

        SubmissionEntry read = ring.Entry(3);
        read.PrepRead(ends[0], buffers.At(1), 8, 0);
        read.Flags = SubmissionFlags.FixedFile;

        Assert.That(ring.Next().Result, Is.EqualTo(3));
    }

    [Test]
    public void An_epoll_instance_is_changed_and_waited_on()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(2, 64);
        using Ring ring = TestRing.Create();
        int epoll = epoll_create1(CloseOnExec);
        try
        {
            *(uint*)buffers.At(0) = (uint)Libc.POLLIN;
            ring.Entry(1).PrepEpollCtl(epoll, pipe.First, 1, buffers.At(0));
            Assert.That(ring.Next().Result, Is.Zero);
            ring.Entry(2).PrepEpollCtl(epoll, pipe.First, 1, buffers.At(0));
            Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EEXIST));
            ring.Require(RingOperation.EpollWait);
            ring.Entry(3).PrepEpollWait(epoll, buffers.At(1), 4, 0);
            ring.AssertIdle();

            pipe.Write("x"u8);

            Assert.That(ring.Next().Result, Is.EqualTo(1));
            Assert.That(*(uint*)buffers.At(1), Is.EqualTo((uint)Libc.POLLIN));
        }
        finally
        {
            Assert.That(Libc.Close(epoll), Is.Zero);
        }
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int epoll_create1(int flags);
}
