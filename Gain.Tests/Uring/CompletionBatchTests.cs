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
    public void It_allocates_nothing()
    {
        using Ring ring = TestRing.Create(entries: 64);
        _ = Run(ring, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        ulong sum = Run(ring, 50_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.EqualTo(50_000ul * 49_999 / 2));
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
