using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>What a ring does about what a kernel refuses.</summary>
[TestFixture]
internal sealed class RingSetupTests
{
    private const uint Always = IORING_SETUP.IORING_SETUP_CLAMP | IORING_SETUP.IORING_SETUP_CQSIZE;

    [Test]
    public void A_ring_has_what_was_asked_for()
    {
        using Ring ring = TestRing.Create(entries: 100);

        Assert.Multiple(() =>
        {
            Assert.That(ring.SubmissionCapacity, Is.EqualTo(128));
            Assert.That(ring.CompletionCapacity, Is.EqualTo(1024));
            Assert.That(ring.Descriptor, Is.GreaterThan(0));
            Assert.That(ring.Features & RingFeatures.SingleMap, Is.Not.EqualTo(RingFeatures.None));
        });
    }

    [TestCase(0u, RingSetupFlags.Default)]
    [TestCase(
        IORING_SETUP.IORING_SETUP_NO_SQARRAY,
        RingSetupFlags.SubmitAll | RingSetupFlags.SingleIssuer | RingSetupFlags.DeferTaskRun)]
    [TestCase(
        IORING_SETUP.IORING_SETUP_DEFER_TASKRUN,
        RingSetupFlags.SubmitAll | RingSetupFlags.SingleIssuer | RingSetupFlags.CooperativeTaskRun)]
    [TestCase(
        IORING_SETUP.IORING_SETUP_SINGLE_ISSUER,
        RingSetupFlags.SubmitAll | RingSetupFlags.CooperativeTaskRun)]
    [TestCase(
        IORING_SETUP.IORING_SETUP_SINGLE_ISSUER | IORING_SETUP.IORING_SETUP_COOP_TASKRUN,
        RingSetupFlags.SubmitAll)]
    [TestCase(
        IORING_SETUP.IORING_SETUP_COOP_TASKRUN | IORING_SETUP.IORING_SETUP_DEFER_TASKRUN,
        RingSetupFlags.SubmitAll)]
    [TestCase(IORING_SETUP.IORING_SETUP_SUBMIT_ALL, RingSetupFlags.None)]
    public void A_refused_flag_is_left_out_and_the_ring_works(uint refused, RingSetupFlags given)
    {
        PlayedKernel kernel = new() { RefusedFlags = refused };

        using Ring ring = Ring.Create(new RingOptions { Entries = 8 }, kernel);

        Assert.That(ring.Flags, Is.EqualTo(given));
        AssertWorks(ring);
    }

    [Test]
    public void Flags_are_peeled_newest_first()
    {
        PlayedKernel kernel = new() { RefusedFlags = IORING_SETUP.IORING_SETUP_SUBMIT_ALL };

        using Ring ring = Ring.Create(new RingOptions { Entries = 8 }, kernel);

        uint submitAll = Always | IORING_SETUP.IORING_SETUP_SUBMIT_ALL;
        uint single = submitAll | IORING_SETUP.IORING_SETUP_SINGLE_ISSUER;
        uint deferred = single | IORING_SETUP.IORING_SETUP_DEFER_TASKRUN;
        Assert.That(kernel.SetupFlags, Is.EqualTo(new[]
        {
            deferred | IORING_SETUP.IORING_SETUP_NO_SQARRAY,
            deferred,
            single | IORING_SETUP.IORING_SETUP_COOP_TASKRUN,
            submitAll | IORING_SETUP.IORING_SETUP_COOP_TASKRUN,
            submitAll,
            Always,
        }));
    }

    [Test]
    public void Two_mappings_work_as_one_does()
    {
        PlayedKernel kernel = new() { HiddenFeatures = IORING_FEAT.IORING_FEAT_SINGLE_MMAP };
        using Ring ring = Ring.Create(new RingOptions { Entries = 8 }, kernel);

        AssertWorks(ring);
    }

    [Test]
    public void A_refused_registration_of_the_descriptor_costs_nothing_else()
    {
        PlayedKernel kernel = new()
        {
            RegisterErrno = operation =>
                operation == IORING_REGISTER.IORING_REGISTER_RING_FDS ? Errno.EINVAL : 0,
        };
        using Ring ring = Ring.Create(new RingOptions { Entries = 8 }, kernel);

        Assert.That(ring.UsesRegisteredDescriptor, Is.False);
        AssertWorks(ring);
    }

    [Test]
    public void Short_memory_is_waited_for_then_the_sizes_are_halved()
    {
        PlayedKernel kernel = new() { SetupErrno = entries => entries > 128 ? Errno.ENOMEM : 0 };

        using Ring ring = Ring.Create(new RingOptions { Entries = 512, CompletionEntries = 1024 }, kernel);

        Assert.That(kernel.WaitsMs, Is.EqualTo(new[] { 10, 20, 50 }));
        Assert.That(kernel.SetupSizes, Is.EqualTo(new[]
        {
            (512u, 1024u), (512u, 1024u), (512u, 1024u), (512u, 1024u), (256u, 512u), (128u, 256u),
        }));
        Assert.That(ring.SubmissionCapacity, Is.EqualTo(128));
        AssertWorks(ring);
    }

    [TestCase(Errno.ENOSYS, "ENOSYS", "older than 5.1", "seccomp")]
    [TestCase(Errno.EPERM, "EPERM", "seccomp", "kernel.io_uring_disabled")]
    [TestCase(Errno.EACCES, "EACCES", "security module", "kernel.io_uring_disabled")]
    [TestCase(Errno.ENOMEM, "ENOMEM", "ulimit -l", "1,024 entries")]
    [TestCase(Errno.EMFILE, "EMFILE", "ulimit -n", "descriptor")]
    [TestCase(Errno.ENFILE, "ENFILE", "fs.file-max", "descriptor")]
    [TestCase(Errno.EINVAL, "EINVAL", "older than 5.6", "io_uring_setup")]
    [TestCase(Errno.EFAULT, "EFAULT", "unexpected", "io_uring_setup")]
    public void A_kernel_that_gives_no_ring_is_told_with_the_likely_cause(
        int errno, string name, string cause, string more)
    {
        PlayedKernel kernel = new() { SetupErrno = _ => errno };

        RingException? refused = Assert.Throws<RingException>(() => Ring.Create(new RingOptions(), kernel));

        Assert.Multiple(() =>
        {
            Assert.That(refused!.ErrorNumber, Is.EqualTo(errno));
            Assert.That(refused.ErrorName, Is.EqualTo(name));
            Assert.That(refused.Call, Is.EqualTo("io_uring_setup"));
            Assert.That(refused.Message, Does.StartWith($"io_uring_setup: {name} ("));
            Assert.That(refused.Message, Does.Contain(cause).And.Contain(more));
            Assert.That(refused.Message, Does.EndWith(refused.Advice));
        });
    }

    [Test]
    public void Only_short_memory_is_tried_again()
    {
        PlayedKernel kernel = new() { SetupErrno = _ => Errno.EPERM };

        Assert.That(() => Ring.Create(new RingOptions(), kernel), Throws.InstanceOf<RingException>());

        Assert.That(kernel.SetupFlags, Has.Count.EqualTo(1));
        Assert.That(kernel.WaitsMs, Is.Empty);
    }

    [Test]
    public void Options_out_of_their_range_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Ring.Create(null!), Throws.ArgumentNullException);
        AssertRefused(new RingOptions { Entries = 0 });
        AssertRefused(new RingOptions { Entries = RingOptions.MaxEntries + 1 });
        AssertRefused(new RingOptions { Entries = 64, CompletionEntries = 32 });
        AssertRefused(new RingOptions { CompletionEntries = RingOptions.MaxCompletionEntries + 1 });
        AssertRefused(new RingOptions { Flags = (RingSetupFlags)(1u << 31) });
        AssertRefused(new RingOptions { Flags = RingSetupFlags.DeferTaskRun });
        AssertRefused(new RingOptions { Flags = RingSetupFlags.Default | RingSetupFlags.CooperativeTaskRun });
    });

    [Test]
    public void The_task_run_flag_tells_of_completions_to_be_made()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.TaskRunFlag);
        if ((ring.Flags & RingSetupFlags.TaskRunFlag) == 0)
        {
            Assert.Ignore("the kernel is older than 5.19");
        }

        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();
        Assert.That(ring.TaskWorkPending, Is.False);
        pair.Write("a"u8);
        Assert.That(ring.TaskWorkPending);
        Assert.That(ring.CompletionsReady, Is.Zero);
        ring.GetEvents();
        Assert.That(ring.TaskWorkPending, Is.False);
        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
    }

    private static void AssertRefused(RingOptions options) =>
        Assert.That(() => Ring.Create(options), Throws.InstanceOf<ArgumentException>());

    // More than a turn of the submission ring, with its order kept.
    private static void AssertWorks(Ring ring)
    {
        for (ulong turn = 0; turn < 3; turn++)
        {
            for (ulong i = 0; i < 5; i++)
            {
                ring.Entry((turn * 5) + i).PrepNop();
            }

            for (ulong i = 0; i < 5; i++)
            {
                Assert.That(ring.Next().UserData, Is.EqualTo((turn * 5) + i));
            }
        }
    }
}
