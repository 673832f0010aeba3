using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class MessageTests
{
    [Test]
    public void One_ring_posts_a_completion_on_another()
    {
        using Ring target = TestRing.Create();
        using Ring source = TestRing.Create();
        source.Entry(1).PrepMsgRing(target.Descriptor, 42, 0x1234_5678_9ABC_DEF0, MessageFlags.None);

        Assert.That(source.Next().Result, Is.Zero);

        CompletionEntry message = target.Next();
        Assert.That(message.UserData, Is.EqualTo(0x1234_5678_9ABC_DEF0));
        Assert.That(message.Result, Is.EqualTo(42));
    }

    [Test]
    public void A_message_to_what_is_no_ring_completes_with_EBADFD()
    {
        using DescriptorPair pair = DescriptorPair.Pipe();
        using Ring source = TestRing.Create();

        source.Entry(1).PrepMsgRing(pair.First, 0, 0, MessageFlags.None);

        Assert.That(source.Next().Result, Is.EqualTo(-Errno.EBADFD));
    }

    [Test]
    public void A_thread_without_a_ring_wakes_a_thread_that_waits()
    {
        RequireRinglessMessages();
        using ManualResetEventSlim started = new();
        int descriptor = -1;
        CompletionEntry seen = default;
        Thread waiter = new(() =>
        {
            using Ring ring = TestRing.Create();
            descriptor = ring.Descriptor;
            started.Set();
            while (ring.CompletionsReady == 0)
            {
                _ = ring.SubmitAndWait(1, -1);
            }

            seen = ring.PeekCompletion(0);
        });
        waiter.Start();
        started.Wait();

        Assert.That(Ring.SendMessage(descriptor, 7, 0xFEED), Is.Zero);

        waiter.Join();
        Assert.That(seen.UserData, Is.EqualTo(0xFEED));
        Assert.That(seen.Result, Is.EqualTo(7));
    }

    [Test]
    public void A_ringless_message_to_nothing_returns_EBADF()
    {
        RequireRinglessMessages();

        Assert.That(Ring.SendMessage(1 << 20, 0, 0), Is.EqualTo(-Errno.EBADF));
    }

    private static void RequireRinglessMessages()
    {
        using Ring ring = TestRing.Create();
        if (Ring.SendMessage(ring.Descriptor, 0, 0) == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.13");
        }
    }
}
