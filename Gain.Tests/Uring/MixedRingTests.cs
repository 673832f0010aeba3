using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Rings with entries or completions of both sizes, in which some take two places.</summary>
[TestFixture]
internal sealed class MixedRingTests
{
    // IORING_NOP_CQE32: the operation completes with 32 bytes.
    private const uint Large = 1u << 5;

    [Test]
    public void A_mixed_ring_holds_completions_of_both_sizes_in_order()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.MixedCompletions);
        ulong next = 0;
        for (ulong i = 0; i < 200; i++)
        {
            SubmissionEntry entry = ring.Entry(i);
            entry.PrepNop();
            entry.OperationFlags = i % 3 == 0 ? Large : 0;
            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(1));
            if (i % 2 == 0)
            {
                continue;
            }

            foreach (LargeCompletionEntry completion in ring.TakeLargeCompletions())
            {
                Assert.That(completion.Entry.UserData, Is.EqualTo(next));
                Assert.That(completion.Entry.Result, Is.Zero);
                Assert.That(completion.IsLarge, Is.EqualTo(next % 3 == 0));
                next++;
            }
        }

        Assert.That(next, Is.EqualTo(200));
    }

    [Test]
    public void A_peek_passes_what_fills_the_end_of_the_ring()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.MixedCompletions, completions: 8);
        for (ulong i = 0; i < 7; i++)
        {
            ring.Entry(i).PrepNop();
            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(1));
            Assert.That(Peek(ring), Is.EqualTo((i, false)));
        }

        // One place is left before the end, which a large one does not fit in.
        ring.Entry(100).PrepNop();
        ring.Entry(101).PrepNop();
        SubmissionEntry large = ring.Entry(102);
        large.PrepNop();
        large.OperationFlags = Large;
        Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(3));
        Assert.That(Peek(ring), Is.EqualTo((100ul, false)));
        Assert.That(Peek(ring), Is.EqualTo((101ul, false)));
        Assert.That(Peek(ring), Is.EqualTo((102ul, true)));
        Assert.That(ring.TryPeekCompletion(out _), Is.False);
        for (ulong i = 0; i < 100; i++)
        {
            large = ring.Entry(i);
            large.PrepNop();
            large.OperationFlags = i % 3 == 1 ? 0 : Large;
            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(1));
            Assert.That(Peek(ring), Is.EqualTo((i, i % 3 != 1)));
        }

        Assert.That(ring.CompletionsReady, Is.Zero);
    }

    [Test]
    public void A_loop_passes_fillers_wherever_they_are([Values] bool large)
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.MixedCompletions, completions: 8);
        ulong next = 0;
        ulong seen = 0;
        while (seen < 200)
        {
            for (int i = 0; i < 2; i++)
            {
                SubmissionEntry entry = ring.Entry(next);
                entry.PrepNop();
                entry.OperationFlags = next % 5 < 2 ? Large : 0;
                next++;
            }

            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(2));
            if (large)
            {
                foreach (LargeCompletionEntry completion in ring.TakeLargeCompletions())
                {
                    Assert.That(completion.Entry.UserData, Is.EqualTo(seen++));
                }
            }
            else
            {
                foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
                {
                    Assert.That(completion.UserData, Is.EqualTo(seen++));
                }
            }

            Assert.That(seen, Is.EqualTo(next));
        }
    }

    [Test]
    public void Copies_of_completions_are_never_of_a_filler()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.MixedCompletions, completions: 8);
        CompletionEntry[] room = new CompletionEntry[8];
        ulong next = 0;
        ulong seen = 0;
        while (seen < 200)
        {
            for (int i = 0; i < 2; i++)
            {
                SubmissionEntry entry = ring.Entry(next);
                entry.PrepNop();
                entry.OperationFlags = next % 5 < 2 ? Large : 0;
                next++;
            }

            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(2));
            while (ring.PeekCompletions(room) is > 0 and int count)
            {
                uint places = 0;
                foreach (CompletionEntry completion in room.AsSpan(0, count))
                {
                    Assert.That(completion.UserData, Is.EqualTo(seen));
                    Assert.That(completion.IsLarge, Is.EqualTo(seen % 5 < 2));
                    places += completion.IsLarge ? 2u : 1u;
                    seen++;
                }

                ring.AdvanceCompletions(places);
            }

            Assert.That(seen, Is.EqualTo(next));
        }
    }

    [Test]
    public void A_mixed_ring_of_entries_places_large_ones_and_fills_gaps()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.MixedSubmissions);
        for (ulong i = 0; i < 50; i++)
        {
            if (i % 3 == 0)
            {
                ring.Entry(i).PrepNop();
            }
            else
            {
                Assert.That(ring.TryGetEntry128(out LargeSubmissionEntry entry));
                entry.PrepNop128();
                entry.UserData = i;
            }

            CompletionEntry completion = ring.Next();
            Assert.That((completion.UserData, completion.Result), Is.EqualTo((i, 0)));
        }
    }

    [Test]
    public void The_smallest_mixed_ring_takes_a_large_entry()
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = 2, Flags = RingSetupFlags.Default | RingSetupFlags.MixedSubmissions,
        });
        for (ulong i = 0; i < 6; i++)
        {
            ring.Entry(100 + i).PrepNop();
            Assert.That(ring.Next().UserData, Is.EqualTo(100 + i));
            LargeSubmissionEntry entry;
            for (int turns = 0; !ring.TryGetEntry128(out entry); turns++)
            {
                // A filler before the end went alone, and has to be taken first.
                Assert.That(turns, Is.Zero);
                Assert.That(ring.SubmitAndGetEvents(), Is.GreaterThanOrEqualTo(0));
            }

            entry.PrepNop128();
            entry.UserData = i;
            Assert.That(ring.Next().UserData, Is.EqualTo(i));
        }
    }

    private static (ulong UserData, bool IsLarge) Peek(Ring ring)
    {
        Assert.That(ring.TryPeekCompletion(out CompletionEntry completion), "No completion is there.");
        ring.AdvanceCompletions(completion.IsLarge ? 2u : 1u);
        return (completion.UserData, completion.IsLarge);
    }

    private static Ring Create(RingSetupFlags flags, int completions = 32) => Gate.Create(new RingOptions
    {
        Entries = 8, CompletionEntries = completions, Flags = flags,
    });
}
