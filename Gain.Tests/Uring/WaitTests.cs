using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Waiting, peeking, and what ends a wait.</summary>
[TestFixture]
internal sealed unsafe class WaitTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void A_peek_sees_what_is_there_and_leaves_it()
    {
        using Ring ring = TestRing.Create();
        Assert.That(ring.TryPeekCompletion(out _), Is.False);
        ring.Entry(5).PrepNop();
        _ = ring.Submit();

        Assert.That(ring.TryPeekCompletion(out CompletionEntry completion));

        Assert.That(completion.UserData, Is.EqualTo(5));
        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
    }

    [Test]
    public void A_peek_sees_what_the_kernel_defers()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(3).PrepRecv(pair.First, buffers.At(0), 8, 0);
        _ = ring.Submit();
        pair.Write("x"u8);

        Assert.That(ring.TryPeekCompletion(out CompletionEntry completion), "It was deferred.");
        Assert.That((completion.UserData, completion.Result), Is.EqualTo((3ul, 1)));
    }

    [Test]
    public void A_wait_that_is_over_with_fewer_than_asked_for_is_no_error()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();
        _ = ring.Submit();

        Assert.That(ring.Wait(5, 10 * Millisecond), Is.Zero);
        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
        ring.AdvanceCompletions(1);
        Assert.That(ring.Wait(5, Millisecond), Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void A_peek_brings_in_an_overflow()
    {
        using Ring ring = TestRing.Create(entries: 2, completions: 2);
        for (ulong i = 0; i < 4; i++)
        {
            ring.Entry(i).PrepNop();
            _ = ring.SubmitAndGetEvents();
        }

        ring.AdvanceCompletions(2);

        Assert.That(ring.TryPeekCompletion(out CompletionEntry completion));
        Assert.That(completion.UserData, Is.EqualTo(2));
    }

    [Test]
    public void Completions_are_copied_as_far_as_they_fit()
    {
        using Ring ring = TestRing.Create();
        for (ulong i = 0; i < 5; i++)
        {
            ring.Entry(i).PrepNop();
        }

        _ = ring.Submit();
        CompletionEntry[] some = new CompletionEntry[3];
        CompletionEntry[] all = new CompletionEntry[9];

        Assert.That(ring.PeekCompletions(some), Is.EqualTo(3));
        Assert.That(ring.PeekCompletions(all), Is.EqualTo(5));
        Assert.That(all.Take(5).Select(c => c.UserData), Is.EqualTo([0ul, 1ul, 2ul, 3ul, 4ul]));
        Assert.That(ring.CompletionsReady, Is.EqualTo(5));
        ring.AdvanceCompletions(5);
        Assert.That(ring.PeekCompletions(all), Is.Zero);
    }

    [Test]
    public void A_wait_submits_nothing()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();

        Assert.That(ring.Wait(1, Millisecond), Is.EqualTo(-Errno.ETIME));

        Assert.That(ring.Unsubmitted, Is.EqualTo(1));
        Assert.That(ring.WaitForCompletion(out _, Millisecond), Is.False);
    }

    [Test]
    public void A_wait_ends_with_its_completion()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(7).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        _ = ring.Submit();
        pair.Write("x"u8);

        Assert.That(ring.WaitForCompletion(out CompletionEntry completion, -1));

        Assert.That(completion.UserData, Is.EqualTo(7));
        Assert.That(ring.Wait(1, -1), Is.Zero, "It is still there.");
    }

    [Test]
    public void A_wait_for_a_batch_is_content_with_less_after_its_time()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        ring.Entry(1).PrepNop();
        RingWait wait = new() { BatchMicroseconds = 1_000, Timeout = new Timespec(3600, 0) };

        Assert.That(ring.SubmitAndWait(8, in wait), Is.EqualTo(1));

        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
        Assert.That(ring.Wait(8, in wait), Is.Zero);
    }

    [Test]
    public void A_wait_ends_at_a_point_in_time()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        RingWait wait = new() { Timeout = new Timespec(1, 0), IsAbsolute = true };

        Assert.That(ring.Wait(1, in wait), Is.EqualTo(-Errno.ETIME), "That second has passed long ago.");
    }

    [Test]
    public void A_wait_takes_a_mask_of_signals()
    {
        ulong none = 0;
        using Ring ring = TestRing.Create();
        RingWait wait = new() { Timeout = Timespec.FromNanoseconds(Millisecond), SignalMask = &none };

        Assert.That(ring.Wait(1, in wait), Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void A_kernel_that_cannot_says_so()
    {
        PlayedKernel kernel = new() { HiddenFeatures = uint.MaxValue & ~IORING_FEAT.IORING_FEAT_SINGLE_MMAP };
        using Ring ring = Ring.Create(new RingOptions(), kernel);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => ring.Wait(1, 1),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("5.11"));
            Assert.That(
                () => ring.SetIoWait(false),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("6.15"));
            Assert.That(
                ring.CloseDescriptor,
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("6.3"));
        });
    }

    [Test]
    public void Batching_needs_a_kernel_that_can()
    {
        PlayedKernel kernel = new() { HiddenFeatures = IORING_FEAT.IORING_FEAT_MIN_TIMEOUT };
        using Ring ring = Ring.Create(new RingOptions(), kernel);

        Assert.That(
            () => ring.Wait(1, new RingWait { BatchMicroseconds = 1 }),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("6.12"));
    }

    [Test]
    public void Waits_that_do_not_count_as_IO_work_alike()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.NoIoWait);
        ring.SetIoWait(false);
        Assert.That(ring.Wait(1, Millisecond), Is.EqualTo(-Errno.ETIME));
        Assert.That(ring.UsesRegisteredDescriptor);

        ring.SetIoWait(true);

        Assert.That(ring.Wait(1, Millisecond), Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void A_registered_wait_is_described_once()
    {
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled);
        WaitRegion region = Gate.Try(() => ring.RegisterWaitRegion(70));
        ring.Enable();
        region.Set(65, new RingWait { Timeout = Timespec.FromNanoseconds(Millisecond) });
        Assert.That(ring.SubmitAndWaitRegistered(1, 65), Is.Zero);
        Assert.That(ring.CompletionsReady, Is.Zero, "The time was up.");
        ring.Entry(1).PrepNop();

        Assert.That(ring.SubmitAndWaitRegistered(1, 0), Is.EqualTo(1));

        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(region.Count, Is.EqualTo(70));
            Assert.That(() => region.Set(70, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => region.Set(0, new RingWait { IsAbsolute = true }), Throws.ArgumentException);
            Assert.That(
                () => ring.SubmitAndWaitRegistered(2, 70),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("70 places"));
            Assert.That(
                () => ring.SubmitAndWaitRegistered(2, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void A_registered_wait_needs_a_region()
    {
        using Ring ring = TestRing.Create();

        Assert.That(() => ring.SubmitAndWaitRegistered(1, 0), Throws.InvalidOperationException
            .With.Message.Contains("RegisterWaitRegion"));
    }

    [Test]
    public void A_wait_region_needs_a_ring_that_is_disabled()
    {
        using Ring ring = TestRing.Create();

        Assert.That(() => ring.RegisterWaitRegion(1), Throws.InstanceOf<RingException>()
            .With.Message.Contains("RingSetupFlags.Disabled"));
    }

    [Test]
    public void Rings_grow_and_shrink_with_what_is_in_them()
    {
        using Ring ring = TestRing.Create(entries: 4, completions: 8);
        ring.Entry(1).PrepNop();
        _ = ring.Submit();
        ring.Entry(2).PrepNop();
        Gate.Try(() =>
        {
            ring.Resize(32, 64);
            return 0;
        });

        Assert.That((ring.SubmissionCapacity, ring.CompletionCapacity), Is.EqualTo((32u, 64u)));
        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
        Assert.That(ring.Unsubmitted, Is.EqualTo(1));
        Assert.That(ring.Next(2).Select(c => c.UserData), Is.EqualTo([1ul, 2ul]));
        for (int turn = 0; turn < 3; turn++)
        {
            for (ulong i = 0; i < 32; i++)
            {
                ring.Entry(i).PrepNop();
            }

            _ = ring.Next(32);
        }

        for (ulong i = 0; i < 10; i++)
        {
            ring.Entry(i).PrepNop();
        }

        _ = ring.Submit();
        Assert.That(
            () => ring.Resize(4, 8),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EOVERFLOW"));
        _ = ring.Next(10);

        ring.Resize(4, 8);

        Assert.That(ring.SubmissionCapacity, Is.EqualTo(4));
        ring.Entry(3).PrepNop();
        Assert.That(ring.Next().UserData, Is.EqualTo(3));
    }

    [Test]
    public void A_descriptor_is_registered_unregistered_and_closed()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.RegisterByRegisteredRing);
        Assert.That(
            ring.RegisterDescriptor,
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EEXIST"));
        ring.UnregisterDescriptor();
        Assert.That(ring.UsesRegisteredDescriptor, Is.False);
        Assert.That(ring.CloseDescriptor, Throws.InstanceOf<RingException>());
        Nop(ring);
        ring.RegisterDescriptor();

        ring.CloseDescriptor();

        Assert.That(ring.Descriptor, Is.EqualTo(-1));
        Nop(ring);
        using FixedFiles files = ring.RegisterFilesSparse(1);
        Assert.That(files.Update(0, [-1]), Is.EqualTo(1));
    }

    [Test]
    public void Rings_are_kept_out_of_forks()
    {
        using Ring ring = TestRing.Create();

        Assert.That(ring.DontFork, Throws.Nothing);

        Nop(ring);
    }

    private static void Nop(Ring ring)
    {
        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().Result, Is.Zero);
    }
}
