using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// What a ring registers besides files and buffers, and what it says when the kernel lacks it.
/// </summary>
[TestFixture]
internal sealed unsafe class RegistrationTests
{
    [Test]
    public void An_eventfd_counts_completions_and_can_be_quiet()
    {
        using Ring ring = TestRing.Create();
        int eventFd = Libc.EventFd(0, Libc.EFD_NONBLOCK);
        ring.RegisterEventFd(eventFd);
        Nop(ring);
        Assert.That(Count(eventFd), Is.EqualTo(1));
        Assert.That(ring.NotifiesEventFd);

        ring.NotifiesEventFd = false;
        Nop(ring);
        Assert.That(Count(eventFd), Is.Zero);
        Assert.That(ring.NotifiesEventFd, Is.False);

        ring.NotifiesEventFd = true;
        Nop(ring);
        Assert.That(Count(eventFd), Is.EqualTo(1));
        Assert.That(
            () => ring.RegisterEventFd(eventFd),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EBUSY"));

        ring.UnregisterEventFd();
        Nop(ring);
        Assert.That(Count(eventFd), Is.Zero);
        Assert.That(
            ring.UnregisterEventFd,
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("ENXIO"));
        Assert.That(Libc.Close(eventFd), Is.Zero);
    }

    [Test]
    public void An_eventfd_for_workers_ignores_completions_at_once()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create(flags: RingSetupFlags.None);
        int eventFd = Libc.EventFd(0, Libc.EFD_NONBLOCK);
        ring.RegisterEventFd(eventFd, workersOnly: true);
        Nop(ring);
        Assert.That(Count(eventFd), Is.Zero);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepWrite(pipe.Second, buffers.At(0), 1, 0);
        entry.Flags = SubmissionFlags.Async;

        Assert.That(ring.Next().Result, Is.EqualTo(1));

        // The worker signals after it has posted the completion.
        pollfd signalled = new() { fd = eventFd, events = Libc.POLLIN };
        Assert.That(Libc.Poll(&signalled, 1, 20_000), Is.EqualTo(1));
        Assert.That(Libc.Close(eventFd), Is.Zero);
    }

    [Test]
    public void A_personality_is_used_and_forgotten()
    {
        using Ring ring = TestRing.Create();
        ushort personality = ring.RegisterPersonality();
        Assert.That(personality, Is.GreaterThan(0));
        Assert.That(NopAs(ring, personality), Is.Zero);

        ring.UnregisterPersonality(personality);

        Assert.That(NopAs(ring, personality), Is.EqualTo(-Errno.EINVAL));
        Assert.That(() => ring.UnregisterPersonality(personality), Throws.InstanceOf<RingException>());
    }

    [Test]
    public void A_restricted_ring_does_what_it_may_and_nothing_else()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled);
        ring.RegisterRestrictions(
        [
            Restriction.Allow(RingOperation.Nop),
            Restriction.Allow(RingOperation.Write),
            Restriction.Allow(RingRegistration.Probe),
            Restriction.Allow(SubmissionFlags.Link),
        ]);
        ring.Entry(1).PrepNop();
        RingException? disabled = Assert.Throws<RingException>(() => ring.Submit());
        Assert.That(disabled!.ErrorName, Is.EqualTo("EBADFD"));
        Assert.That(disabled.Advice, Does.Contain("Enable"));
        ring.Enable();
        SubmissionEntry drain = ring.Entry(2);
        drain.PrepNop();
        drain.Flags = SubmissionFlags.Drain;
        ring.Entry(3).PrepWrite(pipe.Second, buffers.At(0), 1, 0);
        ring.Entry(4).PrepRead(pipe.First, buffers.At(0), 1, 0);

        Assert.That(
            ring.Next(4).Select(c => c.Result), Is.EqualTo([0, -Errno.EACCES, 1, -Errno.EACCES]));
        Assert.That(ring.GetProbe().IsSupported(RingOperation.Nop));
        Assert.That(
            () => ring.RegisterPersonality(),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EACCES"));
        Assert.That(ring.Enable, Throws.InstanceOf<RingException>());
    }

    [Test]
    public void A_restriction_can_demand_a_flag()
    {
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled);
        ring.RegisterRestrictions(
            [Restriction.Allow(RingOperation.Nop), Restriction.Require(SubmissionFlags.Async)]);
        ring.Enable();
        ring.Entry(1).PrepNop();
        SubmissionEntry entry = ring.Entry(2);
        entry.PrepNop();
        entry.Flags = SubmissionFlags.Async;

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([-Errno.EACCES, 0]));
    }

    [Test]
    public void Restrictions_come_before_the_start()
    {
        using Ring ring = TestRing.Create();

        RingException? refused = Assert.Throws<RingException>(
            () => ring.RegisterRestrictions([Restriction.Allow(RingOperation.Nop)]));

        Assert.That(refused!.ErrorName, Is.EqualTo("EBADFD"));
        Assert.That(refused.Advice, Does.Contain("Disabled"));
    }

    [Test]
    public void Limits_of_workers_are_set_and_told()
    {
        using Ring ring = TestRing.Create();
        WorkerLimits before = ring.RegisterWorkerLimits(new WorkerLimits(3, 4));
        Assert.That(before.Bounded, Is.GreaterThan(0));

        Assert.That(ring.RegisterWorkerLimits(default), Is.EqualTo(new WorkerLimits(3, 4)));

        _ = ring.RegisterWorkerLimits(before);
    }

    [Test]
    public void The_CPUs_of_workers_are_set_and_left_free_again()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.RegisterWorkerAffinity([1, 0, 0, 0, 0, 0, 0, 0]);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepWrite(pipe.Second, buffers.At(0), 1, 0);
        entry.Flags = SubmissionFlags.Async;
        Assert.That(ring.Next().Result, Is.EqualTo(1));

        ring.UnregisterWorkerAffinity();

        Assert.That(
            () => ring.RegisterWorkerAffinity([]),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EINVAL"));
    }

    [Test]
    public void Busy_polling_is_set_told_and_ended()
    {
        using Ring ring = TestRing.Create();
        BusyPolling polling = new(50, true);
        try
        {
            _ = ring.RegisterNapi(polling);
        }
        catch (RingException refused) when (refused.ErrorNumber is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            Assert.Ignore(refused.Message);
        }

        Assert.That(ring.RegisterNapi(polling), Is.EqualTo(polling));
        Assert.That(ring.UnregisterNapi(), Is.EqualTo(polling));
        Assert.That(ring.RegisterNapi(default).TimeoutMicroseconds, Is.Zero);
    }

    [Test]
    public void The_clock_of_waits_is_chosen([Values] RingClock clock)
    {
        using Ring ring = TestRing.Create();
        Gate.Try(() =>
        {
            ring.RegisterClock(clock);
            return 0;
        });

        Assert.That(ring.Wait(1, 100_000), Is.EqualTo(-Errno.ETIME));

        Assert.That(() => ring.RegisterClock((RingClock)77), Throws.InstanceOf<RingException>());
    }

    [Test]
    public void A_cancellation_that_waits_ends_what_it_matches()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 8, 0);
        ring.Entry(2).PrepRecv(pair.First, buffers.At(1), 8, 0);
        ring.AssertIdle();
        int result = ring.CancelNow(0, pair.First, CancelFlags.Descriptor | CancelFlags.All, -1);
        if (result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.0");
        }

        Assert.That(result, Is.EqualTo(2));
        Assert.That(ring.Next(2).Select(c => c.Result), Is.All.EqualTo(-Errno.ECANCELED));
        Assert.That(ring.CancelNow(99, -1, CancelFlags.None, 0), Is.EqualTo(-Errno.ENOENT));
    }

    [Test]
    public void A_cancellation_by_operation_leaves_the_others()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 8, 0);
        ring.Entry(2).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();

        int result = ring.CancelNow(
            0, -1, CancelFlags.Operation | CancelFlags.All, -1, RingOperation.PollAdd);

        if (result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.6");
        }

        Assert.That(result, Is.EqualTo(1));
        Assert.That(ring.Next().UserData, Is.EqualTo(2));
        ring.AssertIdle();
    }

    [Test]
    public void The_kernel_tells_what_it_has()
    {
        if (!Ring.TryQuery(out RingQuery query))
        {
            Assert.Ignore("the kernel is older than 6.18: it cannot be queried");
        }

        using Ring ring = TestRing.Create();
        Probe probe = ring.GetProbe();
        Assert.Multiple(() =>
        {
            Assert.That(query.Features, Is.EqualTo(ring.Features));
            Assert.That(query.SetupFlags & RingSetupFlags.Default, Is.EqualTo(RingSetupFlags.Default));
            Assert.That(query.RegistrationCount, Is.GreaterThan((uint)RingRegistration.Query));
            Assert.That(probe.IsSupported((RingOperation)(query.OperationCount - 1)));
            Assert.That(probe.IsSupported((RingOperation)query.OperationCount), Is.False);
            Assert.That(query.SubmissionFlags & SubmissionFlags.SkipSuccess, Is.Not.Zero);
            Assert.That(Ring.Query(9_999, new byte[64]), Is.LessThan(0));
        });
    }

    [Test]
    public void What_the_kernel_is_too_old_for_says_so()
    {
        using Ring ring = TestRing.Create();
        BpfInstruction[] allow = [new BpfInstruction(6, 0, 0, 1)];
        if (Ring.TryQuery(out RingQuery query) && query.RegistrationCount > (uint)RingRegistration.BpfFilter)
        {
            ring.RegisterBpfFilter(RingOperation.Nop, allow, denyOthers: true);
            Nop(ring);
            return;
        }

        foreach (TestDelegate call in new TestDelegate[]
        {
            () => ring.RegisterBpfFilter(RingOperation.Nop, allow, denyOthers: true),
            () => Ring.RegisterThreadBpfFilter(RingOperation.Nop, allow, denyOthers: true),
        })
        {
            RingException? refused = Assert.Throws<RingException>(call);
            Assert.That(refused!.ErrorName, Is.EqualTo("EINVAL"));
            Assert.That(refused.Message, Does.Contain("newer than 6.19"));
        }

        NotSupportedException? missing =
            Assert.Throws<NotSupportedException>(() => ring.GetProbe().Require((RingOperation)200));
        Assert.That(missing!.Message, Does.Contain("200"));
    }

    [Test]
    public void Zero_copy_receive_names_what_is_missing()
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = 8, Flags = RingSetupFlags.Default | RingSetupFlags.LargeCompletions,
        });

        // The loopback interface, which has no queue that could.
        RingException? refused = Assert.Throws<RingException>(
            () => ring.RegisterZeroCopyReceive(1, 0, 64, 1 << 16));

        Assert.That(refused!.Message, Does.StartWith("io_uring_register of a queue of a network card: "));
        Assert.That(
            refused.ErrorName, Is.AnyOf("EPERM", "EOPNOTSUPP", "EINVAL", "ENODEV", "ERANGE", "EFAULT"));
        Assert.That(
            () => ring.RegisterZeroCopyReceive(1, 0, 64, 1000),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_system_calls_themselves_are_there()
    {
        byte* parameters = stackalloc byte[120];
        new Span<byte>(parameters, 120).Clear();
        int fd = RingCalls.Setup(4, parameters);
        if (fd < 0)
        {
            Assert.Ignore($"no io_uring: {Errno.Describe(-fd)}");
        }

        try
        {
            Assert.That(RingCalls.Enter(fd, 0, 0, 0, null), Is.Zero);
            Assert.That(RingCalls.Enter2(fd, 0, 0, 0, null, 0), Is.Zero);
            Assert.That(RingCalls.Register(fd, 9_999, null, 0), Is.EqualTo(-Errno.EINVAL));
        }
        finally
        {
            Assert.That(Libc.Close(fd), Is.Zero);
        }
    }

    private static void Nop(Ring ring)
    {
        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().Result, Is.Zero);
    }

    private static int NopAs(Ring ring, ushort personality)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepNop();
        entry.Personality = personality;
        return ring.Next().Result;
    }

    private static ulong Count(int eventFd)
    {
        ulong count = 0;
        _ = Libc.Read(eventFd, &count, sizeof(ulong));
        return count;
    }
}
