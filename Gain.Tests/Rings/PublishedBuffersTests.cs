using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>How many receive buffers of an io_uring are the kernel's, and which.</summary>
internal sealed class PublishedBuffersTests
{
    private const ulong Read = 1;
    private const ulong Cancel = 2;
    private const int BufferBytes = 64;
    private const int Count = 512;

    private int _ours;
    private int _peer;

    [SetUp]
    public void Connect() => (_ours, _peer) = RingUnderTest.TcpPair();

    [TearDown]
    public void CloseBoth()
    {
        Libc.Close(_ours);
        Libc.Close(_peer);
    }

    [Test]
    public void Messages_that_come_one_by_one_pass_through_few_buffers()
    {
        using var test = new RingUnderTest(GainRing.Uring, Count, BufferBytes);
        test.Ring.PrepReceive(_ours, Read);
        Assert.That(CountUsed(test, 2 * Count), Is.EqualTo(PublishedBuffers.Fewest));
        Assert.That(test.Ring.CountLentBuffers(), Is.Zero);
    }

    [Test]
    public void A_burst_is_given_more_and_fewer_are_published_when_few_were_taken_for_long()
    {
        using var test = new RingUnderTest(GainRing.Uring, Count, BufferBytes);
        Burst(test);
        test.Ring.PrepReceive(_ours, Read);
        Assert.That(CountUsed(test, 2 * Count), Is.GreaterThan(PublishedBuffers.Fewest));
        CountUsed(test, 4 * PublishedBuffers.Window);
        Assert.That(CountUsed(test, 2 * Count), Is.EqualTo(PublishedBuffers.Fewest));
        Assert.That(test.Ring.CountLentBuffers(), Is.Zero);
    }

    // The buffers of so many messages that come one by one.
    private int CountUsed(RingUnderTest test, int messages)
    {
        var used = new HashSet<int>();
        for (int i = 0; i < messages; i++)
        {
            byte[] sent = Clients.Pattern(BufferBytes, i);
            RingUnderTest.Send(_peer, sent);
            CompletionEntry completion = test.Next();
            Assert.That(completion.HasMore);
            used.Add(completion.BufferId);
            Assert.That(test.Take(completion), Is.EqualTo(sent));
            test.PublishBuffers();
        }

        return used.Count;
    }

    // The kernel takes what is published, and finds no more: the receive ends, and the next one has more.
    private void Burst(RingUnderTest test)
    {
        byte[] sent = Clients.Pattern(3 * Count * BufferBytes, 1);
        RingUnderTest.Send(_peer, sent);
        var received = new List<byte>();
        while (received.Count < sent.Length)
        {
            test.Ring.PrepReceive(_ours, Read);
            CompletionEntry completion;
            do
            {
                completion = test.Next();
                if (completion.Result > 0)
                {
                    received.AddRange(test.Take(completion));
                }
            }
            while (completion.HasMore && received.Count < sent.Length);
            if (completion.HasMore)
            {
                test.Ring.PrepCancel(Read, Cancel);
                CompletionEntry[] ended = [test.Next(), test.Next()];
                CompletionEntry last = ended.Single(entry => entry.UserData == Read);
                Assert.That(last.Result, Is.EqualTo(-Errno.ECANCELED));
            }

            test.PublishBuffers();
        }

        Assert.That(received, Is.EqualTo(sent));
    }
}
