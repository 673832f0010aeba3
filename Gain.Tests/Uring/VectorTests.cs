using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Reads and writes of several pieces, of registered buffers, and reads that go on.</summary>
[TestFixture]
internal sealed unsafe class VectorTests
{
    private const int NoWait = 8;

    [Test]
    public void Vectors_gather_and_scatter([Values] bool withFlags)
    {
        using TempFolder folder = new();
        _ = folder.File("a", []);
        using NativeBuffers buffers = new(4, 8);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        "abc"u8.CopyTo(new Span<byte>(buffers.At(0), 8));
        "defgh"u8.CopyTo(new Span<byte>(buffers.At(1), 8));
        IoVector* list = stackalloc IoVector[2];
        list[0] = new IoVector(buffers.At(0), 3);
        list[1] = new IoVector(buffers.At(1), 5);
        SubmissionEntry entry = ring.Entry(1);
        if (withFlags)
        {
            entry.PrepWritev2(fd, list, 2, 0, 0);
        }
        else
        {
            entry.PrepWritev(fd, list, 2, 0);
        }

        Assert.That(ring.Next().Result, Is.EqualTo(8));
        list[0] = new IoVector(buffers.At(2), 2);
        list[1] = new IoVector(buffers.At(3), 8);
        entry = ring.Entry(2);
        if (withFlags)
        {
            entry.PrepReadv2(fd, list, 2, 1, 0);
        }
        else
        {
            entry.PrepReadv(fd, list, 2, 1);
        }

        Assert.That(ring.Next().Result, Is.EqualTo(7), "It is short at the end of file.");
        Assert.That(buffers.Copy(2, 2), Is.EqualTo("bc"u8.ToArray()));
        Assert.That(buffers.Copy(3, 5), Is.EqualTo("defgh"u8.ToArray()));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void A_read_that_must_not_wait_completes_with_EAGAIN()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        IoVector vector = new(buffers.At(0), 8);

        ring.Entry(1).PrepReadv2(pipe.First, &vector, 1, ulong.MaxValue, NoWait);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EAGAIN));
    }

    [Test]
    public void Registered_buffers_are_read_into_and_written_from()
    {
        using TempFolder folder = new();
        _ = folder.File("a", []);
        using Ring ring = TestRing.Create();
        using FixedBuffers buffers = ring.RegisterBuffers(2, 4096);
        int fd = folder.Open(ring, "a");
        "registered"u8.CopyTo(buffers.Span(0)[5..]);
        ring.Entry(1).PrepWriteFixed(fd, buffers, 0, 5, 10, 0);
        Assert.That(ring.Next().Result, Is.EqualTo(10));

        ring.Entry(2).PrepReadFixed(fd, buffers, 1, 100, 200, 3);

        Assert.That(ring.Next().Result, Is.EqualTo(7));
        Assert.That(buffers.Span(1).Slice(100, 7).ToArray(), Is.EqualTo("istered"u8.ToArray()));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void Memory_outside_a_registered_buffer_is_refused_by_the_kernel_and_before()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers outside = new(1, 8);
        using Ring ring = TestRing.Create();
        using FixedBuffers buffers = ring.RegisterBuffers(1, 4096);

        ring.Entry(1).PrepReadFixed(pipe.First, outside.At(0), 8, 0, 0);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EFAULT));
        Assert.That(
            () => ring.Entry(2).PrepReadFixed(pipe.First, buffers, 0, 4000, 97, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => ring.Entry(3).PrepReadFixed(pipe.First, buffers, 1, 0, 1, 0),
            Throws.InstanceOf<IndexOutOfRangeException>());
    }

    [Test]
    public void Vectors_lie_in_a_registered_buffer()
    {
        using TempFolder folder = new();
        _ = folder.File("a", "0123456789"u8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.ReadVectorFixed);
        using FixedBuffers buffers = ring.RegisterBuffers(1, 4096);
        int fd = folder.Open(ring, "a");
        IoVector* list = stackalloc IoVector[2];
        fixed (byte* memory = buffers.Span(0))
        {
            list[0] = new IoVector(memory + 10, 3);
            list[1] = new IoVector(memory, 3);
            ring.Entry(1).PrepReadvFixed(fd, list, 2, 2, 0, 0);
            Assert.That(ring.Next().Result, Is.EqualTo(6));
            ring.Entry(2).PrepWritevFixed(fd, list, 2, 0, 0, 0);
            Assert.That(ring.Next().Result, Is.EqualTo(6));
        }

        Assert.That(buffers.Span(0)[..13].ToArray(), Is.EqualTo("567\0\0\0\0\0\0\0234"u8.ToArray()));
        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("2345676789"));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void A_multishot_read_takes_a_buffer_each_time_until_the_end()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.ReadMultishot);
        using BufferRing buffers = ring.RegisterBufferRing(3, 4, 16);
        ring.Entry(1).PrepReadMultishot(pipe.First, 0, 0, 3);
        for (byte value = 0; value < 9; value++)
        {
            ring.AssertIdle();
            pipe.Write([value, value]);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.HasMore);
            Assert.That(buffers.Lend(completion).ToArray(), Is.EqualTo(new[] { value, value }));
            buffers.GiveBack(completion);
        }

        pipe.CloseSecond();

        CompletionEntry end = ring.Next();
        Assert.That(end.Result, Is.Zero);
        Assert.That(end.HasMore, Is.False);
    }

    [Test]
    public void A_multishot_read_of_a_regular_file_is_refused()
    {
        using TempFolder folder = new();
        _ = folder.File("a", "x"u8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.ReadMultishot);
        using BufferRing buffers = ring.RegisterBufferRing(3, 4, 16);
        int fd = folder.Open(ring, "a");

        ring.Entry(1).PrepReadMultishot(fd, 0, 0, 3);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EBADFD));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void A_write_at_its_own_position_appends([Values] bool asPosition)
    {
        using TempFolder folder = new();
        _ = folder.File("a", []);
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        "xy"u8.CopyTo(new Span<byte>(buffers.At(0), 8));
        for (int i = 0; i < 3; i++)
        {
            ring.Entry(1).PrepWrite(fd, buffers.At(0), 2, asPosition ? ulong.MaxValue : (ulong)i * 2);
            Assert.That(ring.Next().Result, Is.EqualTo(2));
        }

        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("xyxyxy"));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void An_operation_without_a_method_is_prepared_by_its_number()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        pipe.Write("raw"u8);

        ring.Entry(1).PrepRw(RingOperation.Read, pipe.First, buffers.At(0), 8, 0);

        Assert.That(ring.Next().Result, Is.EqualTo(3));
    }
}
