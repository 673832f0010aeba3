using System.Diagnostics;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class CompletionQueueTests
{
    private const int WindowChanged = 28;

    [Test]
    public void Completions_stay_until_they_are_passed()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();
        ring.Entry(2).PrepNop();
        Assert.That(ring.SubmitAndWait(2, TestRing.PatienceNs), Is.EqualTo(2));

        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
        Assert.That(ring.PeekCompletion(1).UserData, Is.EqualTo(2));
        ring.AdvanceCompletions(1);
        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
        Assert.That(ring.CompletionAt(0).UserData, Is.EqualTo(2));
        ring.AdvanceCompletions(1);
        Assert.That(ring.CompletionsReady, Is.Zero);
    }

    [TestCase(RingSetupFlags.Default)]
    [TestCase(RingSetupFlags.None)]
    public void An_overflow_keeps_every_completion(RingSetupFlags flags)
    {
        const int total = 64;
        using Ring ring = TestRing.Create(entries: 8, completions: 8, flags: flags);
        for (ulong i = 0; i < total; i++)
        {
            ring.Entry(i).PrepNop();
            if ((i + 1) % 8 == 0)
            {
                Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(8));
            }
        }

        Assert.That(ring.HasOverflow);
        Assert.That(ring.CompletionsReady, Is.EqualTo(8));
        for (ulong i = 0; i < total; i++)
        {
            if (ring.CompletionsReady == 0)
            {
                Assert.That(ring.Submit(), Is.Zero, "A submission of nothing brings in the overflow.");
            }

            Assert.That(ring.PeekCompletion(0).UserData, Is.EqualTo(i));
            ring.AdvanceCompletions(1);
        }

        Assert.Multiple(() =>
        {
            Assert.That(ring.CompletionsReady, Is.Zero);
            Assert.That(ring.HasOverflow, Is.False);
            Assert.That(ring.Overflows, Is.GreaterThan(0));
            Assert.That(ring.LostCompletions, Is.Zero);
        });
    }

    [Test]
    public void GetEvents_brings_in_an_overflow_and_submits_nothing()
    {
        using Ring ring = TestRing.Create(entries: 2, completions: 2);
        for (ulong i = 0; i < 4; i++)
        {
            ring.Entry(i).PrepNop();
            Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(1));
        }

        ring.AdvanceCompletions(2);
        ring.Entry(4).PrepNop();
        ring.GetEvents();

        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
        Assert.That(ring.PeekCompletion(0).UserData, Is.EqualTo(2));
        Assert.That(ring.Unsubmitted, Is.EqualTo(1));
    }

    [Test]
    public void A_wait_ends_at_its_timeout_without_a_completion()
    {
        using Ring ring = TestRing.Create();
        long before = Stopwatch.GetTimestamp();

        Assert.That(ring.SubmitAndWait(1, 2_000_000), Is.Zero);

        Assert.That(ring.CompletionsReady, Is.Zero);
        Assert.That(Stopwatch.GetElapsedTime(before), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(2)));
    }

    [Test]
    public void A_wait_that_times_out_tells_what_it_submitted()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();

        Assert.That(ring.SubmitAndWait(2, 1_000_000), Is.EqualTo(1));

        Assert.That(ring.CompletionsReady, Is.EqualTo(1));
    }

    [Test]
    public void A_wait_with_a_timeout_on_a_kernel_that_cannot_says_so()
    {
        PlayedKernel kernel = new() { HiddenFeatures = IORING_FEAT.IORING_FEAT_EXT_ARG };
        using Ring ring = Ring.Create(new RingOptions(), kernel);

        Assert.That(() => ring.SubmitAndWait(1, 1), Throws.InstanceOf<NotSupportedException>());
        ring.Entry(1).PrepNop();
        Assert.That(ring.SubmitAndWait(1, -1), Is.EqualTo(1));
    }

    [Test]
    public void A_signal_ends_a_wait_and_no_entry_is_lost()
    {
        using PosixSignalRegistration registration =
            PosixSignalRegistration.Create((PosixSignal)WindowChanged, context => context.Cancel = true);
        using ManualResetEventSlim started = new();
        int threadId = 0;
        int result = -1;
        uint ready = 0;
        uint unsubmitted = uint.MaxValue;
        Thread waiter = new(() =>
        {
            using Ring ring = TestRing.Create();
            ring.Entry(1).PrepNop();
            threadId = gettid();
            started.Set();
            result = ring.SubmitAndWait(2, -1);
            ready = ring.CompletionsReady;
            unsubmitted = ring.Unsubmitted;
        });

        waiter.Start();
        started.Wait();
        while (!waiter.Join(1))
        {
            Assert.That(tgkill(Environment.ProcessId, threadId, WindowChanged), Is.Zero);
        }

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(1));
            Assert.That(ready, Is.EqualTo(1));
            Assert.That(unsubmitted, Is.Zero);
        });
    }

    [Test]
    public void An_enter_that_the_kernel_refuses_for_good_throws()
    {
        // A ring that starts disabled refuses every enter with EBADFD.
        PlayedKernel kernel = new() { AddedFlags = IORING_SETUP.IORING_SETUP_R_DISABLED };
        using Ring ring = Ring.Create(new RingOptions { RegisterDescriptor = false }, kernel);
        ring.Entry(1).PrepNop();

        RingException? refused = Assert.Throws<RingException>(() => ring.Submit());

        Assert.Multiple(() =>
        {
            Assert.That(refused!.ErrorNumber, Is.EqualTo(Errno.EBADFD));
            Assert.That(refused.ErrorName, Is.EqualTo("EBADFD"));
            Assert.That(refused.Message, Does.StartWith("io_uring_enter: EBADFD"));
            Assert.That(() => ring.GetEvents(), Throws.InstanceOf<RingException>());
        });
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int gettid();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int tgkill(int process, int thread, int signal);
}
