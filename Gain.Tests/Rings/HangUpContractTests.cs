using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>The wait for a peer's end, on each ring of the kernel's.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public sealed class HangUpContractTests(GainRing kind)
{
    private const ulong Wait = 1;
    private const ulong Cancel = 2;

    [Test]
    public void A_cancelled_wait_ends_once_and_both_say_so()
    {
        using var test = new RingUnderTest(kind);
        (int ours, int peer) = RingUnderTest.TcpPair();
        test.Ring.PrepAwaitHangUp(ours, Wait);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepCancelHangUp(ours, Wait, Cancel);
        CompletionEntry[] ended = [test.Next(), test.Next()];
        Array.Sort(ended, (one, other) => one.UserData.CompareTo(other.UserData));
        AssertLast(ended[0], Wait, -Errno.ECANCELED);
        AssertLast(ended[1], Cancel, 0);

        test.Ring.PrepCancelHangUp(ours, Wait, Cancel);
        AssertLast(test.Next(), Cancel, -Errno.ENOENT);
        Libc.Close(peer);
        test.Ring.Close(ours);
        Assert.That(test.Ready(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_reset_ends_the_wait_whether_it_comes_before_or_after(bool isBefore)
    {
        using var test = new RingUnderTest(kind);
        (int ours, int peer) = RingUnderTest.TcpPair();
        if (!isBefore)
        {
            test.Ring.PrepAwaitHangUp(ours, Wait);
            Assert.That(test.Ready(), Is.Empty);
        }

        test.Ring.ResetOnClose(peer);
        Libc.Close(peer);
        if (isBefore)
        {
            test.Ring.PrepAwaitHangUp(ours, Wait);
        }

        CompletionEntry end = test.Next();
        Assert.That(end.UserData, Is.EqualTo(Wait));
        Assert.That(end.Result & HangUpBits.Gone, Is.EqualTo(HangUpBits.Gone));
        Assert.That(end.HasMore || end.HasBuffer, Is.False);
        test.Ring.Close(ours);
        Assert.That(test.Ready(), Is.Empty);
    }

    private static void AssertLast(CompletionEntry completion, ulong userData, int result)
    {
        Assert.That((completion.UserData, completion.Result), Is.EqualTo((userData, result)));
        Assert.That(completion.HasMore || completion.HasBuffer, Is.False);
    }
}
