using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>The registered buffers of a ring, and those it shares with another.</summary>
[TestFixture]
internal sealed unsafe class FixedBuffersTests
{
    private const int Size = 4096;

    [Test]
    public void Memory_of_the_callers_is_registered_changed_and_emptied()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers memory = new(2, Size);
        using Ring ring = TestRing.Create();
        using FixedBuffers buffers = ring.RegisterBuffersSparse(2);
        Assert.That(Read(ring, pipe, memory.At(0), 0), Is.EqualTo(-Errno.EFAULT));
        Assert.That(buffers.Update(0, [new IoVector(memory.At(0), Size)]), Is.EqualTo(1));
        Assert.That(Read(ring, pipe, memory.At(0), 0), Is.EqualTo(1));
        Assert.That(buffers.Span(0).Length, Is.EqualTo(Size));
        Assert.That(Read(ring, pipe, memory.At(1), 0), Is.EqualTo(-Errno.EFAULT));

        Assert.That(buffers.Update(0, [default]), Is.EqualTo(1));

        Assert.That(Read(ring, pipe, memory.At(0), 0), Is.EqualTo(-Errno.EFAULT));
        Assert.That(buffers.Span(0).Length, Is.Zero);
        Assert.That(
            () => buffers.Update(1, new IoVector[2]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_tag_comes_as_a_completion_when_a_buffer_is_no_longer_in_use()
    {
        using NativeBuffers memory = new(2, Size);
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.ResourceTags);
        IoVector[] vectors = [new IoVector(memory.At(0), Size), new IoVector(memory.At(1), Size)];
        using FixedBuffers buffers = ring.RegisterBuffers(vectors, [7, 8]);
        Assert.That(buffers.Update(0, [default], [0]), Is.EqualTo(1));
        Assert.That(ring.Next().UserData, Is.EqualTo(7));

        buffers.Dispose();

        Assert.That(ring.Next().UserData, Is.EqualTo(8));
        Assert.That(() => buffers.Span(0).Length, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Memory_that_is_not_there_is_refused()
    {
        using Ring ring = TestRing.Create();

        RingException? refused = Assert.Throws<RingException>(
            () => ring.RegisterBuffers([new IoVector((void*)4096, Size)]));

        Assert.That(refused!.ErrorName, Is.EqualTo("EFAULT"));
        Assert.That(refused.Advice, Does.Contain("not mapped"));
    }

    [Test]
    public void Its_own_memory_is_zero_and_page_aligned_and_in_one_piece()
    {
        using Ring ring = TestRing.Create();
        using FixedBuffers buffers = ring.RegisterBuffers(3, 1000);

        Assert.That(buffers.Count, Is.EqualTo(3));
        for (int i = 0; i < 3; i++)
        {
            Assert.That(buffers.Span(i).Length, Is.EqualTo(1000));
            Assert.That(buffers.Span(i).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        }

        fixed (byte* first = buffers.Span(0))
        fixed (byte* second = buffers.Span(1))
        {
            Assert.That((ulong)first % 4096, Is.Zero);
            Assert.That(second - first, Is.EqualTo(1000));
        }
    }

    [Test]
    public void Another_ring_shares_them()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        using FixedBuffers buffers = source.RegisterBuffers(2, Size);
        using FixedBuffers shared = Gate.Try(() => target.CloneBuffers(source));
        Assert.That(shared.Count, Is.EqualTo(2));
        pipe.Write("x"u8);

        target.Entry(1).PrepReadFixed(pipe.First, shared, 1, 10, 8, 0);

        Assert.That(target.Next().Result, Is.EqualTo(1));
        Assert.That(buffers.Span(1)[10], Is.EqualTo((byte)'x'));
        Assert.That(() => target.CloneBuffers(source), Throws.InstanceOf<RingException>()
            .With.Property("ErrorName").EqualTo("EBUSY"));
    }

    [Test]
    public void Another_ring_shares_some_of_them()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        using FixedBuffers buffers = source.RegisterBuffers(3, Size);
        using FixedBuffers shared = Gate.Try(() => target.CloneBuffers(source, 2, 1, 2, replace: false));
        Assert.That(shared.Count, Is.EqualTo(4));
        Assert.That(shared.Span(0).Length, Is.Zero);
        pipe.Write("x"u8);

        target.Entry(1).PrepReadFixed(pipe.First, shared, 2, 0, 8, 0);

        Assert.That(target.Next().Result, Is.EqualTo(1));
        Assert.That(buffers.Span(1)[0], Is.EqualTo((byte)'x'));
    }

    [Test]
    public void A_ring_without_buffers_has_none_to_share()
    {
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();

        RingException? refused = Assert.Throws<RingException>(() => target.CloneBuffers(source));

        if (refused!.ErrorName == "EINVAL")
        {
            Assert.Ignore(refused.Message);
        }

        Assert.That(refused.ErrorName, Is.EqualTo("ENXIO"));
    }

    // Reads a byte that is there into memory of a registered buffer.
    private static int Read(Ring ring, DescriptorPair pipe, void* memory, ushort index)
    {
        pipe.Write("x"u8);
        ring.Entry(1).PrepReadFixed(pipe.First, memory, 1, 0, index);
        int result = ring.Next().Result;
        if (result < 0)
        {
            Assert.That(pipe.Read(1), Has.Length.EqualTo(1));
        }

        return result;
    }
}
