using Gain.Testing;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Completions in a loop, whose places go back together.</summary>
[TestFixture]
internal sealed class CompletionBatchTests
{
    [Test]
    public void It_has_all_that_is_there_and_gives_the_places_back()
    {
        using Ring ring = Filled(5);
        List<ulong> seen = [];

        foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
        {
            seen.Add(completion.UserData);
            Assert.That(ring.CompletionsReady, Is.EqualTo(5), "The head is stored once, at the end.");
        }

        Assert.That(seen, Is.EqualTo([0ul, 1ul, 2ul, 3ul, 4ul]));
        Assert.That(ring.CompletionsReady, Is.Zero);
    }

    [Test]
    public void What_the_loop_did_not_come_to_stays()
    {
        using Ring ring = Filled(5);
        foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
        {
            if (completion.UserData == 2)
            {
                break;
            }
        }

        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
        Assert.That(ring.PeekCompletion(0).UserData, Is.EqualTo(3));
    }

    [Test]
    public void An_exception_leaves_the_rest()
    {
        using Ring ring = Filled(3);
        try
        {
            foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
            {
                throw new InvalidOperationException($"{completion.UserData}");
            }
        }
        catch (InvalidOperationException thrown)
        {
            Assert.That(thrown.Message, Is.EqualTo("0"));
        }

        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
    }

    [Test]
    public void What_arrives_in_the_loop_is_for_the_next_one()
    {
        using Ring ring = Filled(2);
        int seen = 0;
        foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
        {
            seen++;
            ring.Entry(completion.UserData + 10).PrepNop();
            Assert.That(ring.Submit(), Is.EqualTo(1));
        }

        Assert.That(seen, Is.EqualTo(2));
        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
        Assert.That(ring.PeekCompletion(0).UserData, Is.EqualTo(10));
    }

    [Test]
    public void The_loop_cannot_pass_move_or_unmap_what_it_looks_at()
    {
        using Ring ring = Filled(3);
        List<ulong> seen = [];
        foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
        {
            seen.Add(completion.UserData);
            foreach (TestDelegate call in (TestDelegate[])
            [
                ring.Dispose, () => ring.Resize(128, 1024), () => ring.AdvanceCompletions(1),
                () => ring.TryPeekCompletion(out _), () => ring.WaitForCompletion(out _, 0),
                () => Count(ring.TakeCompletions()),
            ])
            {
                Assert.That(call, Throws.InvalidOperationException.With.Message.Contains("is not over"));
            }

            Assert.That(completion.UserData, Is.EqualTo(seen[^1]), "It is where it was.");
        }

        Assert.That(seen, Is.EqualTo([0ul, 1ul, 2ul]));
        Assert.That(ring.Dispose, Throws.Nothing);
    }

    [Test]
    public void Large_ones_are_held_alike()
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = 8, Flags = RingSetupFlags.Default | RingSetupFlags.LargeCompletions,
        });
        ring.Entry(7).PrepNop();
        Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(1));
        foreach (LargeCompletionEntry completion in ring.TakeLargeCompletions())
        {
            Assert.That(ring.Dispose, Throws.InvalidOperationException);
            Assert.That(completion.Entry.UserData, Is.EqualTo(7));
        }

        Assert.That(ring.CompletionsReady, Is.Zero);
    }

    [Test]
    public void It_has_what_is_there_when_the_loop_starts()
    {
        using Ring ring = Filled(2);
        CompletionBatch batch = ring.TakeCompletions();
        Assert.That(ring.CompletionsReady, Is.EqualTo(2), "Nothing is passed before the loop.");
        ring.AdvanceCompletions(1);
        ring.Entry(7).PrepNop();
        Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(1));

        Assert.That(Count(batch), Is.EqualTo(2));
        Assert.That(Count(batch), Is.Zero);
    }

    [Test]
    public void It_goes_with_a_resize()
    {
        using Ring ring = Filled(2);
        CompletionBatch batch = ring.TakeCompletions();
        try
        {
            ring.Resize(64, 256);
        }
        catch (RingException refused) when (refused.ErrorName == "EINVAL")
        {
            Assert.Ignore(refused.Message);
        }

        Assert.That(Count(batch), Is.EqualTo(2));
    }

    [Test]
    public void It_ends_with_the_ring()
    {
        Ring ring = Filled(2);

        Assert.That(
            () =>
            {
                CompletionBatch batch = ring.TakeCompletions();
                ring.Dispose();
                return Count(batch);
            },
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_loop_is_over_once()
    {
        using Ring ring = Filled(3);
        CompletionBatch.Enumerator loop = ring.TakeCompletions().GetEnumerator();
        Assert.That(loop.MoveNext());
        loop.Dispose();

        loop.Dispose();

        Assert.That(loop.MoveNext(), Is.False);
        Assert.That(ring.CompletionsReady, Is.EqualTo(2));
    }

    [Test]
    public void It_allocates_nothing()
    {
        using Ring ring = TestRing.Create(entries: 64);
        const uint each = 250;
        ulong calls = 0;
        ulong sum = 0;

        // Many runs, and not one: the runtime replaces code while it runs, and allocates for that.
        AllocationAssert.Zero(() =>
        {
            sum += Run(ring, each);
            calls++;
        });

        Assert.That(sum, Is.EqualTo(calls * (each * (each - 1) / 2)));
    }

    private static ulong Run(Ring ring, uint count)
    {
        ulong sum = 0;
        uint prepared = 0;
        while (prepared < count)
        {
            while (prepared < count && ring.TryGetEntry(out SubmissionEntry entry))
            {
                entry.PrepNop();
                entry.UserData = prepared++;
            }

            _ = ring.SubmitAndGetEvents();
            foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
            {
                sum += completion.UserData;
            }
        }

        return sum;
    }

    private static int Count(CompletionBatch batch)
    {
        int count = 0;
        foreach (ref readonly CompletionEntry completion in batch)
        {
            count++;
        }

        return count;
    }

    private static Ring Filled(ulong count)
    {
        Ring ring = TestRing.Create();
        for (ulong i = 0; i < count; i++)
        {
            ring.Entry(i).PrepNop();
        }

        Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo((int)count));
        return ring;
    }
}
