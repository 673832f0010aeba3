using Gain.Testing;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class NopTests
{
    [Test]
    public void Completes_with_zero_and_its_user_data()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(0xFEDC_BA98_7654_3210).PrepNop();

        CompletionEntry completion = ring.Next();

        Assert.Multiple(() =>
        {
            Assert.That(completion.UserData, Is.EqualTo(0xFEDC_BA98_7654_3210));
            Assert.That(completion.Result, Is.Zero);
            Assert.That(completion.Flags, Is.Zero);
        });
    }

    [Test]
    public void Completes_once()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();

        _ = ring.Next();

        ring.AssertIdle();
    }

    [Test]
    public void Batches_of_every_size_wrap_both_rings_in_order()
    {
        using Ring ring = TestRing.Create(entries: 8, completions: 16);
        ulong sent = 0;
        ulong seen = 0;
        for (int turn = 0; turn < 1000; turn++)
        {
            int batch = (turn % 8) + 1;
            for (int i = 0; i < batch; i++)
            {
                ring.Entry(sent++).PrepNop();
            }

            Assert.That(ring.SubmitAndWait((uint)batch, TestRing.PatienceNs), Is.EqualTo(batch));
            Assert.That(ring.CompletionsReady, Is.EqualTo(batch));
            for (uint i = 0; i < batch; i++)
            {
                Assert.That(ring.CompletionAt(i).UserData, Is.EqualTo(seen++));
            }

            ring.AdvanceCompletions((uint)batch);
        }

        Assert.That(ring.Overflows, Is.Zero);
    }

    [Test]
    public void What_succeeds_can_skip_its_completion()
    {
        using Ring ring = TestRing.Create();
        if ((ring.Features & RingFeatures.SkipSuccess) == 0)
        {
            Assert.Ignore("the kernel is older than 5.17");
        }

        SubmissionEntry entry = ring.Entry(1);
        entry.PrepNop();
        entry.Flags = SubmissionFlags.SkipSuccess;
        ring.Entry(2).PrepNop();

        Assert.That(ring.Next().UserData, Is.EqualTo(2));
        ring.AssertIdle();
    }

    [Test]
    public unsafe void A_link_cancels_what_follows_a_failure()
    {
        using Ring ring = TestRing.Create();
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRead(-1, null, 0, 0);
        entry.Flags = SubmissionFlags.Link;
        ring.Entry(2).PrepNop();

        CompletionEntry[] completions = ring.Next(2);

        Assert.Multiple(() =>
        {
            Assert.That(completions[0].Result, Is.EqualTo(-Gain.Kernel.Errno.EBADF));
            Assert.That(completions[1].Result, Is.EqualTo(-Gain.Kernel.Errno.ECANCELED));
        });
    }

    [Test]
    public void A_hundred_thousand_allocate_nothing()
    {
        using Ring ring = TestRing.Create(entries: 64, completions: 128);
        const uint each = 500;
        ulong calls = 0;
        ulong sum = 0;

        // Many runs, and not one: the runtime replaces code while it runs, and allocates for that.
        AllocationAssert.Zero(() =>
        {
            sum += Run(ring, each);
            calls++;
        });

        Assert.Multiple(() =>
        {
            Assert.That(calls * each, Is.GreaterThanOrEqualTo(100_000));
            Assert.That(sum, Is.EqualTo(calls * (each * (each - 1) / 2)));
        });
    }

    // The loop of a worker: fill, submit and wait, take all.
    private static ulong Run(Ring ring, uint count)
    {
        uint prepared = 0;
        uint completed = 0;
        ulong sum = 0;
        while (completed < count)
        {
            while (prepared < count && ring.TryGetEntry(out SubmissionEntry entry))
            {
                entry.PrepNop();
                entry.UserData = prepared++;
            }

            if (ring.SubmitAndWait(1, TestRing.PatienceNs) < 0)
            {
                throw new InvalidOperationException("The kernel took no entry.");
            }

            uint ready = ring.CompletionsReady;
            for (uint i = 0; i < ready; i++)
            {
                sum += ring.PeekCompletion(i).UserData;
            }

            ring.AdvanceCompletions(ready);
            completed += ready;
        }

        return sum;
    }
}
