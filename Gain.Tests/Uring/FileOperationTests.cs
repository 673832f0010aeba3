using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class FileOperationTests
{
    [Test]
    public void A_write_and_a_read_go_through_a_pipe()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        "gain"u8.CopyTo(new Span<byte>(buffers.At(0), 8));
        ring.Entry(1).PrepWrite(pipe.Second, buffers.At(0), 4, ulong.MaxValue);
        Assert.That(ring.Next().Result, Is.EqualTo(4));

        ring.Entry(2).PrepRead(pipe.First, buffers.At(1), 8, ulong.MaxValue);

        CompletionEntry completion = ring.Next();
        Assert.That(completion.UserData, Is.EqualTo(2));
        Assert.That(completion.Result, Is.EqualTo(4));
        Assert.That(buffers.Copy(1, 4), Is.EqualTo("gain"u8.ToArray()));
    }

    [Test]
    public void A_read_waits_for_data()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRead(pipe.First, buffers.At(0), 8, 0);
        ring.AssertIdle();

        pipe.Write("x"u8);

        Assert.That(ring.Next().Result, Is.EqualTo(1));
    }

    [Test]
    public void A_read_of_a_closed_pipe_is_the_end_of_file()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        pipe.CloseSecond();

        ring.Entry(1).PrepRead(pipe.First, buffers.At(0), 8, 0);

        Assert.That(ring.Next().Result, Is.Zero);
    }

    [Test]
    public void Reads_and_writes_take_an_offset()
    {
        string path = Path.GetTempFileName();
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file =
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            int fd = (int)file.DangerousGetHandle();
            using NativeBuffers buffers = new(2, 8);
            using Ring ring = TestRing.Create();
            "gain"u8.CopyTo(new Span<byte>(buffers.At(0), 8));
            ring.Entry(1).PrepWrite(fd, buffers.At(0), 4, 100);
            Assert.That(ring.Next().Result, Is.EqualTo(4));

            ring.Entry(2).PrepRead(fd, buffers.At(1), 8, 102);

            Assert.That(ring.Next().Result, Is.EqualTo(2));
            Assert.That(buffers.Copy(1, 2), Is.EqualTo("in"u8.ToArray()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_close_closes_the_descriptor()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepClose(pipe.TakeFirst());

        Assert.That(ring.Next().Result, Is.Zero);
        pollfd poll = new() { fd = pipe.Second, events = Libc.POLLOUT };
        Assert.That(Libc.Poll(&poll, 1, 0), Is.EqualTo(1));
        Assert.That(poll.revents & Libc.POLLERR, Is.Not.Zero, "No reader is left.");
    }

    [Test]
    public void A_close_of_nothing_completes_with_EBADF()
    {
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepClose(1 << 20);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EBADF));
    }
}
