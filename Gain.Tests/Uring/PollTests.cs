using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class PollTests
{
    [Test]
    public void Completes_once_with_the_events()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();
        pair.Write("a"u8);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.Result, Is.EqualTo(Libc.POLLIN));
        Assert.That(completion.HasMore, Is.False);
    }

    [Test]
    public void A_multishot_one_goes_on_until_it_is_removed()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollMultishot(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();
        for (int i = 0; i < 3; i++)
        {
            pair.Write("a"u8);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.Result, Is.EqualTo(Libc.POLLIN));
            Assert.That(completion.HasMore);
            Assert.That(pair.Read(1), Has.Length.EqualTo(1));
        }

        ring.Entry(2).PrepPollRemove(1);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[0].HasMore, Is.False);
        Assert.That(completions[1].Result, Is.Zero);
    }

    [Test]
    public void It_sees_the_peer_hang_up()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLRDHUP);
        ring.AssertIdle();

        pair.CloseSecond();

        Assert.That(ring.Next().Result & Libc.POLLRDHUP, Is.Not.Zero);
    }
}
