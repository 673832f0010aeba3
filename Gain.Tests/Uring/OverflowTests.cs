using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Completion rings that are full: what is kept, what ends, and what is told.</summary>
[TestFixture]
internal sealed unsafe class OverflowTests
{
    [Test]
    public void A_multishot_poll_ends_and_no_event_is_lost()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create(entries: 2, completions: 2);
        ring.Entry(1).PrepPollMultishot(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();
        for (int i = 0; i < 6; i++)
        {
            pair.Write("x"u8);
            ring.GetEvents();
        }

        List<bool> more = [];
        while (ring.TryPeekCompletion(out CompletionEntry completion))
        {
            Assert.That(completion.Result & Libc.POLLIN, Is.Not.Zero);
            more.Add(completion.HasMore);
            ring.AdvanceCompletions(1);
        }

        Assert.That(more, Has.Count.GreaterThan(2).And.Count.LessThanOrEqualTo(6));
        Assert.That(more.Count(goesOn => !goesOn), Is.LessThanOrEqualTo(1));
        Assert.That(ring.LostCompletions, Is.Zero);
        if (!more[^1])
        {
            ring.Entry(2).PrepPollRemove(1);
            Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOENT), "It has ended.");
        }
    }

    [Test]
    public void A_message_to_a_full_ring_is_kept_or_refused()
    {
        using Ring target = TestRing.Create(entries: 2, completions: 2);
        using Ring source = TestRing.Create();
        List<ulong> sent = [];
        for (ulong i = 0; i < 5; i++)
        {
            source.Entry(1).PrepMsgRing(target.Descriptor, 0, i, MessageFlags.None);
            int result = source.Next().Result;
            Assert.That(result, Is.AnyOf(0, -Errno.EOVERFLOW));
            if (result == 0)
            {
                sent.Add(i);
            }
        }

        List<ulong> received = [];
        target.GetEvents();
        while (target.TryPeekCompletion(out CompletionEntry message))
        {
            received.Add(message.UserData);
            target.AdvanceCompletions(1);
        }

        Assert.That(received, Is.EqualTo(sent), "What was accepted arrives, in order.");
        Assert.That(sent, Has.Count.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void Batches_of_completions_pass_an_overflow_in_order()
    {
        using Ring ring = TestRing.Create(entries: 8, completions: 8);
        ulong sent = 0;
        ulong seen = 0;
        for (int turn = 0; turn < 200; turn++)
        {
            for (int i = 0; i < (turn % 8) + 1; i++)
            {
                ring.Entry(sent++).PrepNop();
            }

            _ = ring.SubmitAndGetEvents();
            if (turn % 3 == 2)
            {
                foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
                {
                    Assert.That(completion.UserData, Is.EqualTo(seen++));
                }
            }
        }

        while (ring.TryPeekCompletion(out CompletionEntry rest))
        {
            Assert.That(rest.UserData, Is.EqualTo(seen++));
            ring.AdvanceCompletions(1);
        }

        Assert.That(seen, Is.EqualTo(sent));
        Assert.That(ring.Overflows, Is.GreaterThan(0));
        Assert.That((ring.LostCompletions, ring.DroppedSubmissions), Is.EqualTo((0u, 0u)));
    }

    [Test]
    public void Large_completions_pass_an_overflow_in_order()
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = 4,
            CompletionEntries = 4,
            Flags = RingSetupFlags.Default | RingSetupFlags.LargeCompletions,
        });
        for (ulong i = 0; i < 16; i++)
        {
            ring.Entry(i).PrepNop();
            _ = ring.SubmitAndGetEvents();
        }

        ulong seen = 0;
        while (seen < 16)
        {
            foreach (LargeCompletionEntry completion in ring.TakeLargeCompletions())
            {
                Assert.That(completion.Entry.UserData, Is.EqualTo(seen++));
            }

            ring.GetEvents();
        }
    }
}
