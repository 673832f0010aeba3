using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>
/// A ring whose queue is full in the middle of a batch, on a kernel that takes nothing before completions
/// are taken (EBUSY). A filter of the thread's system calls plays that: submissions alone fail, and those
/// that ask for completions as well do not.
/// </summary>
public sealed class BusyKernelTests
{
    // RingUnderTest's ring has 64 entries: the queue is full once, and twice.
    [TestCase(70)]
    [TestCase(130)]
    public void The_rest_of_the_batch_still_comes_and_in_order(int more) => OnBusyThread(() =>
    {
        const int before = 8;
        const ulong first = 100;
        const ulong next = 1_000;
        using var test = new RingUnderTest(GainRing.Uring);
        (int ours, int peer) = Descriptors.UnixPair();
        for (int i = 0; i < before; i++)
        {
            test.Ring.PrepAwaitRoom(ours, first + (ulong)i);
        }

        test.Ring.Enter(0);
        test.Ring.BeginBatch();
        List<ulong> taken = [];
        Assert.That(test.Ring.TryTake(out CompletionEntry completion));
        taken.Add(completion.UserData);
        for (int i = 0; i < more; i++)
        {
            test.Ring.PrepAwaitRoom(ours, next + (ulong)i);
        }

        while (test.Ring.TryTake(out completion))
        {
            taken.Add(completion.UserData);
        }

        test.Ring.EndBatch();

        // What was moved to make room ends the batch early, and comes first in the next.
        while (taken.Count < before + more)
        {
            CompletionEntry[] ready = test.Ready();
            Assert.That(ready, Is.Not.Empty, $"{taken.Count} of {before + more} have come");
            taken.AddRange(ready.Select(one => one.UserData));
        }

        Assert.That(
            taken,
            Is.EqualTo(
                Enumerable.Range(0, before).Select(i => first + (ulong)i)
                    .Concat(Enumerable.Range(0, more).Select(i => next + (ulong)i))));
        Libc.Close(ours);
        Libc.Close(peer);
    });

    [Test]
    public void A_full_queue_does_not_end_the_batch_where_the_kernel_takes_it()
    {
        const int ready = 8;
        const int more = 130;
        using var test = new RingUnderTest(GainRing.Uring);
        (int ours, int peer) = Descriptors.UnixPair();
        for (int i = 0; i < ready; i++)
        {
            test.Ring.PrepAwaitRoom(ours, (ulong)i);
        }

        test.Ring.Enter(0);
        test.Ring.BeginBatch();
        List<ulong> taken = [];
        Assert.That(test.Ring.TryTake(out CompletionEntry completion));
        taken.Add(completion.UserData);
        for (int i = 0; i < more; i++)
        {
            test.Ring.PrepAwaitRoom(ours, (ulong)(ready + i));
        }

        while (taken.Count < ready && test.Ring.TryTake(out completion))
        {
            taken.Add(completion.UserData);
        }

        test.Ring.EndBatch();
        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, ready).Select(i => (ulong)i)));
        while (taken.Count < ready + more)
        {
            taken.Add(test.Next().UserData);
        }

        Libc.Close(ours);
        Libc.Close(peer);
    }

    private static void OnBusyThread(Action test)
    {
        RingAvailability.Require(GainRing.Uring);
        FilteredThread.Run(FilteredCall.IoUringEnter, Errno.EBUSY, () =>
        {
            RequireBusy();
            test();
        });
    }

    private static void RequireBusy()
    {
        using Ring ring = Ring.Create(new RingOptions { Entries = 4 });
        Assert.That(ring.TryGetEntry(out SubmissionEntry entry));
        entry.PrepNop();
        Assert.That(ring.Submit(), Is.EqualTo(-Errno.EBUSY), "the filter refuses nothing");
        Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(1));
    }
}
