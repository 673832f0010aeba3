using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>Messages from ring to ring.</summary>
[NonParallelizable]
public class MessageTests
{
    private const ulong Data = 0x1000_0000_0000_0007;
    private const ulong Unsent = 0x1100_0000_0000_0009;

    [Test]
    public void A_message_ends_the_wait_of_the_other_ring_and_leaves_nothing_here()
    {
        using var here = new RingUnderTest(GainRing.Uring);
        using var there = new RingUnderTest(GainRing.Uring);
        int way = OpenWay(there);
        for (int i = 0; i < 3; i++)
        {
            here.Ring.PrepMessage(way, Data, Unsent);
            here.Turn(0);
            CompletionEntry completion = there.Next();
            Assert.That(completion.UserData, Is.EqualTo(Data));
            Assert.That(completion.Result, Is.Zero);
            Assert.That(there.Ready(), Is.Empty, "one message, one completion");
            Assert.That(here.Ready(), Is.Empty, "a message that was sent completes there only");
        }

        Libc.Close(way);
    }

    [Test]
    public void Messages_that_nobody_takes_are_kept_and_end_the_next_wait()
    {
        using var here = new RingUnderTest(GainRing.Uring);
        using var there = new RingUnderTest(GainRing.Uring);
        int way = OpenWay(there);

        // More than the other ring's queue holds: 64 entries, eight completions for each.
        const int count = 2_000;
        for (int i = 0; i < count; i++)
        {
            here.Ring.PrepMessage(way, Data, Unsent);
            here.Turn(0);
        }

        for (int i = 0; i < count; i++)
        {
            Assert.That(there.Next().UserData, Is.EqualTo(Data));
        }

        Assert.That(here.Ready(), Is.Empty);
        Libc.Close(way);
    }

    [Test]
    public void A_message_to_what_is_no_ring_completes_here_with_the_reason()
    {
        using var here = new RingUnderTest(GainRing.Uring);
        int other = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        here.Ring.PrepMessage(other, Data, Unsent);
        CompletionEntry completion = here.Next();
        Assert.That(completion.UserData, Is.EqualTo(Unsent));
        Assert.That(completion.Result, Is.Negative);
        Libc.Close(other);
    }

    private static int OpenWay(RingUnderTest there)
    {
        int way = there.Ring.OpenMessageWay();
        if (way == -Errno.EOPNOTSUPP)
        {
            Assert.Ignore("This kernel may miss to wake a ring that gets a message (before Linux 6.10).");
        }

        Assert.That(way, Is.Positive);
        return way;
    }

    [Test]
    public void A_message_to_a_ring_whose_owner_has_closed_it_goes_nowhere()
    {
        using var here = new RingUnderTest(GainRing.Uring);
        int way;
        using (var there = new RingUnderTest(GainRing.Uring))
        {
            way = OpenWay(there);
        }

        // The number of its descriptor may be another ring's by now; the way is still its own.
        using var another = new RingUnderTest(GainRing.Uring);
        here.Ring.PrepMessage(way, Data, Unsent);
        here.Turn(0);
        Assert.That(another.Ready(), Is.Empty);
        Libc.Close(way);
    }

    [Test]
    public void Epoll_sets_take_no_messages()
    {
        using var there = new RingUnderTest(GainRing.Epoll);
        Assert.That(there.Ring.OpenMessageWay(), Is.Negative);
        Assert.That(
            () => there.Ring.PrepMessage(0, Data, Unsent), Throws.InstanceOf<NotSupportedException>());
    }
}
