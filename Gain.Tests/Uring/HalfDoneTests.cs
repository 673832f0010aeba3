using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Calls that fail half way: what the kernel had done is undone, or the ring says that it is over.
/// </summary>
[TestFixture]
internal sealed class HalfDoneTests
{
    [Test]
    public void A_resize_that_has_no_room_for_both_lets_the_old_go_first()
    {
        PlayedKernel kernel = new();
        using Ring ring = Create(kernel);
        ring.Entry(1).PrepNop();
        _ = ring.SubmitAndGetEvents();
        SubmissionEntry waiting = ring.Entry(2);
        waiting.PrepUnlink("/proc/none", 0);
        int refusals = 0;
        kernel.MapErrno = offset =>
            offset == IORING_OFF.IORING_OFF_SQES && refusals++ == 0 ? Errno.ENOMEM : 0;
        int before = Mappings();

        ring.Resize(64, 128);

        Assert.That(refusals, Is.EqualTo(2), "It was tried again.");
        Assert.That(Mappings(), Is.EqualTo(before), "Nothing is mapped twice.");
        Assert.That(ring.SubmissionCapacity, Is.EqualTo(64));
        Assert.That(ring.Next().UserData, Is.EqualTo(1));
        CompletionEntry unlinked = ring.Next();
        Assert.That(unlinked.UserData, Is.EqualTo(2));
        Assert.That(unlinked.Result, Is.Negative.And.Not.EqualTo(-Errno.EFAULT), "The name went along.");
    }

    [Test]
    public void A_resize_that_can_map_nothing_disposes_of_the_ring()
    {
        PlayedKernel kernel = new();
        int before = Mappings();
        using Ring ring = Create(kernel);
        kernel.MapErrno = _ => Errno.ENOMEM;

        RingException? refused = Assert.Throws<RingException>(() => ring.Resize(64, 128));

        Assert.That(refused!.ErrorName, Is.EqualTo("ENOMEM"));
        Assert.That(refused.Message, Does.Contain("was disposed of"));
        Assert.That(() => ring.TryGetEntry(out _), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Mappings(), Is.EqualTo(before));
    }

    [Test]
    public void A_buffer_ring_that_cannot_be_mapped_leaves_its_group_free()
    {
        PlayedKernel kernel = new();
        using Ring ring = Create(kernel);
        Gate.Try(() => ring.RegisterBufferRing(8, 4, BufferRingFlags.KernelMemory)).Dispose();
        kernel.MapErrno = offset => offset >= IORING_OFF.IORING_OFF_PBUF_RING ? Errno.ENOMEM : 0;

        Assert.That(
            () => ring.RegisterBufferRing(8, 4, BufferRingFlags.KernelMemory),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("ENOMEM"));

        kernel.MapErrno = _ => 0;
        Assert.That(() => ring.RegisterBufferRing(8, 4), Throws.Nothing);
    }

    [Test]
    public void A_buffer_ring_without_memory_for_its_buffers_leaves_its_group_free()
    {
        using Ring ring = TestRing.Create();

        Assert.That(
            () => ring.RegisterBufferRing(8, 32_768, int.MaxValue),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("ENOMEM"));

        Assert.That(() => ring.RegisterBufferRing(8, 4), Throws.Nothing);
    }

    private static Ring Create(PlayedKernel kernel)
    {
        TestRing.Create().Dispose();
        Ring ring = Ring.Create(new RingOptions { Entries = 8 }, kernel);
        if ((ring.Flags & RingSetupFlags.DeferTaskRun) == 0)
        {
            ring.Dispose();
            Assert.Ignore("the kernel has no DEFER_TASKRUN");
        }

        return ring;
    }

    private static int Mappings() => File.ReadLines("/proc/self/maps")
        .Count(line => line.EndsWith("[io_uring]", StringComparison.Ordinal));
}
