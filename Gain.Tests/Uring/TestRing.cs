using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Rings for tests, and the steps that all tests take on them.</summary>
internal static class TestRing
{
    /// <summary>Longer than any wait that succeeds; a test that reaches it fails.</summary>
    internal const long PatienceNs = 20_000_000_000;

    /// <summary>A ring of the kernel's; the test is ignored where there is none to be had.</summary>
    internal static Ring Create(
        int entries = 16, int completions = 0, RingSetupFlags flags = RingSetupFlags.Default)
    {
        try
        {
            return Ring.Create(new RingOptions
            {
                Entries = entries,
                CompletionEntries = completions,
                Flags = flags,
            });
        }
        catch (RingException refused) when (refused.ErrorName is "ENOSYS" or "EPERM" or "EACCES")
        {
            Assert.Ignore(refused.Message);
            throw;
        }
    }

    /// <summary>The next entry, which has to be there.</summary>
    internal static SubmissionEntry Entry(this Ring ring, ulong userData)
    {
        Assert.That(ring.TryGetEntry(out SubmissionEntry entry), "The submission ring is full.");
        entry.UserData = userData;
        return entry;
    }

    /// <summary>Submits, and waits for one completion, which it takes.</summary>
    internal static CompletionEntry Next(this Ring ring)
    {
        long deadline = Environment.TickCount64 + (PatienceNs / 1_000_000);
        Assert.That(ring.SubmitAndGetEvents(), Is.GreaterThanOrEqualTo(0));
        while (ring.CompletionsReady == 0)
        {
            Assert.That(Environment.TickCount64, Is.LessThan(deadline), "No completion came.");
            Assert.That(ring.SubmitAndWait(1, PatienceNs), Is.GreaterThanOrEqualTo(0));
        }

        CompletionEntry completion = ring.PeekCompletion(0);
        ring.AdvanceCompletions(1);
        return completion;
    }

    /// <summary>Submits, and waits for as many completions, in the order of their user data.</summary>
    internal static CompletionEntry[] Next(this Ring ring, int count)
    {
        CompletionEntry[] completions = new CompletionEntry[count];
        for (int i = 0; i < count; i++)
        {
            completions[i] = ring.Next();
        }

        Array.Sort(completions, (left, right) => left.UserData.CompareTo(right.UserData));
        return completions;
    }

    /// <summary>Asserts that nothing completes without waiting.</summary>
    internal static void AssertIdle(this Ring ring)
    {
        Assert.That(ring.SubmitAndGetEvents(), Is.GreaterThanOrEqualTo(0));
        Assert.That(ring.CompletionsReady, Is.Zero);
    }
}
