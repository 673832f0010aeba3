using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Chains, their timeouts, drains, and updates of what is in flight.</summary>
[TestFixture]
internal sealed unsafe class LinkTests
{
    [Test]
    public void A_linked_timeout_cancels_what_takes_too_long()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        Timespec time = Timespec.FromNanoseconds(1_000_000);
        SubmissionEntry read = ring.Entry(1);
        read.PrepRead(pipe.First, buffers.At(0), 8, 0);
        read.Flags = SubmissionFlags.Link;
        ring.Entry(2).PrepLinkTimeout(&time, TimeoutFlags.None);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([-Errno.ECANCELED, -Errno.ETIME]));
    }

    [Test]
    public void A_linked_timeout_of_what_is_in_time_is_cancelled()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        Timespec time = new(3600, 0);
        SubmissionEntry read = ring.Entry(1);
        read.PrepRead(pipe.First, buffers.At(0), 8, 0);
        read.Flags = SubmissionFlags.Link;
        ring.Entry(2).PrepLinkTimeout(&time, TimeoutFlags.None);
        ring.AssertIdle();
        pipe.Write("x"u8);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([1, -Errno.ECANCELED]));
    }

    [Test]
    public void A_linked_timeout_can_be_given_another_time()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        Timespec time = new(3600, 0);
        SubmissionEntry read = ring.Entry(1);
        read.PrepRead(pipe.First, buffers.At(0), 8, 0);
        read.Flags = SubmissionFlags.Link;
        ring.Entry(2).PrepLinkTimeout(&time, TimeoutFlags.None);
        ring.AssertIdle();

        Timespec soon = Timespec.FromNanoseconds(1_000_000);
        ring.Entry(3).PrepTimeoutUpdate(&soon, 2, TimeoutFlags.UpdateLinked);

        Assert.That(
            ring.Next(3).Select(c => c.Result), Is.EqualTo([-Errno.ECANCELED, -Errno.ETIME, 0]));
    }

    [Test]
    public void A_timeout_can_be_given_another_time()
    {
        using Ring ring = TestRing.Create();
        Timespec time = new(3600, 0);
        ring.Entry(1).PrepTimeout(&time, 0, TimeoutFlags.None);
        ring.AssertIdle();
        Timespec soon = Timespec.FromNanoseconds(1_000_000);

        ring.Entry(2).PrepTimeoutUpdate(&soon, 1, TimeoutFlags.None);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([-Errno.ETIME, 0]));
    }

    [Test]
    public void A_multishot_timeout_completes_as_often_as_it_is_told()
    {
        using Ring ring = TestRing.Create();
        Timespec time = Timespec.FromNanoseconds(100_000);
        ring.Entry(1).PrepTimeout(&time, 3, TimeoutFlags.Multishot);
        CompletionEntry first = ring.Next();
        if (first.Result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.4");
        }

        CompletionEntry second = ring.Next();
        CompletionEntry third = ring.Next();

        Assert.That(
            new[] { first, second, third }.Select(c => (c.Result, c.HasMore)),
            Is.EqualTo([(-Errno.ETIME, true), (-Errno.ETIME, true), (-Errno.ETIME, false)]));
        ring.AssertIdle();
    }

    [Test]
    public void A_timeout_on_a_wall_clock_that_has_passed_is_over_at_once()
    {
        using Ring ring = TestRing.Create();
        Timespec past = new(1, 0);

        ring.Entry(1).PrepTimeout(&past, 0, TimeoutFlags.Absolute | TimeoutFlags.RealTime);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void A_time_in_the_entry_itself_works_or_is_refused()
    {
        using Ring ring = TestRing.Create();
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepTimeout((Timespec*)1_000_000, 0, TimeoutFlags.ImmediateTime);

        int result = ring.Next().Result;

        if (result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is too old for a timeout without a structure");
        }

        Assert.That(result, Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void A_chain_runs_in_order()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        "ab"u8.CopyTo(new Span<byte>(buffers.At(0), 8));
        SubmissionEntry first = ring.Entry(1);
        first.PrepWrite(pipe.Second, buffers.At(0), 2, 0);
        first.Flags = SubmissionFlags.Link;
        SubmissionEntry second = ring.Entry(2);
        second.PrepRead(pipe.First, buffers.At(1), 2, 0);
        second.Flags = SubmissionFlags.Link;
        ring.Entry(3).PrepNop();

        Assert.That(ring.Next(3).Select(c => c.Result), Is.EqualTo([2, 2, 0]));
        Assert.That(buffers.Copy(1, 2), Is.EqualTo("ab"u8.ToArray()));
    }

    [Test]
    public void A_short_read_breaks_a_chain_and_not_a_hard_one([Values] bool hard)
    {
        using TempFolder folder = new();
        _ = folder.File("a", "short"u8);
        using NativeBuffers buffers = new(1, 16);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        SubmissionEntry read = ring.Entry(1);
        read.PrepRead(fd, buffers.At(0), 16, 0);
        read.Flags = hard ? SubmissionFlags.HardLink : SubmissionFlags.Link;
        ring.Entry(2).PrepNop();

        Assert.That(
            ring.Next(2).Select(c => c.Result), Is.EqualTo([5, hard ? 0 : -Errno.ECANCELED]));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void A_drain_waits_for_all_that_was_before_it()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRead(pipe.First, buffers.At(0), 8, 0);
        SubmissionEntry drain = ring.Entry(2);
        drain.PrepNop();
        drain.Flags = SubmissionFlags.Drain;
        ring.AssertIdle();
        pipe.Write("x"u8);

        Assert.That(ring.Next().UserData, Is.EqualTo(1));
        Assert.That(ring.Next().UserData, Is.EqualTo(2));
    }

    [Test]
    public void A_chain_of_which_only_the_last_completes_is_silent_before()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.SkipSuccess);
        for (ulong i = 1; i <= 3; i++)
        {
            SubmissionEntry entry = ring.Entry(i);
            entry.PrepNop();
            entry.Flags = i < 3 ? SubmissionFlags.Link | SubmissionFlags.SkipSuccess : SubmissionFlags.None;
        }

        Assert.That(ring.Next().UserData, Is.EqualTo(3));
        ring.AssertIdle();
    }

    [Test]
    public void A_poll_is_given_other_events_and_another_name()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLRDHUP);
        ring.AssertIdle();

        ring.Entry(2).PrepPollUpdate(
            1, 9, (uint)Libc.POLLOUT, PollUpdateFlags.Events | PollUpdateFlags.UserData);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions.Select(c => c.UserData), Is.EqualTo([2ul, 9ul]));
        Assert.That(completions[0].Result, Is.Zero);
        Assert.That(completions[1].Result & Libc.POLLOUT, Is.Not.Zero);
    }

    [Test]
    public void An_update_of_no_poll_completes_with_ENOENT()
    {
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepPollUpdate(99, 0, PollEvents.None, PollUpdateFlags.Events);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOENT));
    }
}
