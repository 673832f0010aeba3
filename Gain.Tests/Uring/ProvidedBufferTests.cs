using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Groups without a ring, buffer rings that own their buffers, and their modes.</summary>
[TestFixture]
internal sealed unsafe class ProvidedBufferTests
{
    private const ushort Group = 4;

    [Test]
    public void Buffers_are_provided_taken_and_removed()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(4, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepProvideBuffers(buffers.At(0), 8, 4, Group, 10);
        Assert.That(ring.Next().Result, Is.GreaterThanOrEqualTo(0));
        pair.Write("abc"u8);
        SubmissionEntry receive = ring.Entry(2);
        receive.PrepRecv(pair.First, null, 8, 0);
        receive.SetBufferGroup(Group);
        CompletionEntry completion = ring.Next();
        Assert.That(completion.Result, Is.EqualTo(3));
        Assert.That(completion.BufferId, Is.InRange(10, 13));
        Assert.That(buffers.Copy(completion.BufferId - 10, 3), Is.EqualTo("abc"u8.ToArray()));

        ring.Entry(3).PrepRemoveBuffers(100, Group);
        Assert.That(ring.Next().Result, Is.EqualTo(3));
        ring.Entry(4).PrepRemoveBuffers(1, Group + 1);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOENT));
    }

    [TestCase(BufferRingFlags.None)]
    [TestCase(BufferRingFlags.KernelMemory)]
    public void A_ring_that_owns_its_buffers_lends_and_takes_them_back(BufferRingFlags flags)
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        using BufferRing buffers = Gate.Try(() => ring.RegisterBufferRing(Group, 2, 16, flags));
        Arm(ring, pair.First);
        for (byte value = 0; value < 20; value++)
        {
            pair.Write([value, value, value]);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.HasMore);
            Assert.That(buffers.Lend(completion).ToArray(), Is.EqualTo(new[] { value, value, value }));
            buffers.GiveBack(completion);
        }

        Assert.That(buffers.Flags, Is.EqualTo(flags));
        if (buffers.TryGetHead(out ushort head))
        {
            Assert.That(head, Is.EqualTo(20));
            Assert.That(buffers.TryCountAvailable(out int available));
            Assert.That(available, Is.EqualTo(2));
        }
    }

    [Test]
    public void An_incremental_ring_fills_a_buffer_bit_by_bit()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        using BufferRing buffers = ring.RegisterBufferRing(Group, 1, 8, BufferRingFlags.Incremental);
        Arm(ring, pair.First);
        List<byte[]> received = [];
        bool goesOn = true;
        foreach (string text in new[] { "abc", "de", "fgh" })
        {
            byte[] sent = System.Text.Encoding.ASCII.GetBytes(text);
            pair.Write(sent);
            CompletionEntry completion = ring.Next();
            Assert.That(goesOn, "The buffer was said to be used up before.");
            goesOn = completion.BufferHasMore;
            received.Add(buffers.Lend(completion).ToArray());
            buffers.GiveBack(completion);
            Assert.That(received[^1], Is.EqualTo(sent));
        }

        Assert.That(goesOn, Is.False, "The last byte uses the buffer up.");
        pair.Write("again"u8);
        CompletionEntry next = ring.Next();
        if (!next.HasBuffer)
        {
            // The pool was empty for a moment, which ends the receive.
            Assert.That(next.Result, Is.EqualTo(-Errno.ENOBUFS));
            Arm(ring, pair.First);
            next = ring.Next();
        }

        Assert.That(buffers.Lend(next).ToArray(), Is.EqualTo("again"u8.ToArray()));
    }

    [Test]
    public void A_completion_without_a_buffer_lends_none()
    {
        using Ring ring = TestRing.Create();
        using BufferRing buffers = ring.RegisterBufferRing(Group, 1, 8);
        CompletionEntry none = new(1, -Errno.ENOBUFS, 0);

        Assert.Multiple(() =>
        {
            Assert.That(() => buffers.Lend(none).Length, Throws.ArgumentException);
            Assert.That(() => buffers.GiveBack(none), Throws.ArgumentException);
        });
    }

    [Test]
    public void A_ring_of_someone_elses_buffers_lends_none()
    {
        using Ring ring = TestRing.Create();
        using BufferRing buffers = ring.RegisterBufferRing(Group, 1);
        CompletionEntry taken = new(1, 5, IORING_CQE.IORING_CQE_F_BUFFER);

        Assert.That(() => buffers.Lend(taken).Length, Throws.InvalidOperationException);
    }

    [Test]
    public void Completions_and_buffers_go_back_together()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers memory = new(1, 8);
        using Ring ring = TestRing.Create();
        using BufferRing buffers = ring.RegisterBufferRing(Group, 1);
        memory.Add(buffers, 0);
        buffers.Publish();
        Arm(ring, pair.First);
        pair.Write("x"u8);
        Assert.That(ring.WaitForCompletion(out CompletionEntry completion, TestRing.PatienceNs));
        memory.Add(buffers, completion.BufferId);

        buffers.PublishAndAdvance(1);

        Assert.That(ring.CompletionsReady, Is.Zero);
        pair.Write("y"u8);
        Assert.That(ring.Next().Result, Is.EqualTo(1));
    }

    private static void Arm(Ring ring, int socket)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecvMultishot(socket, 0);
        entry.SetBufferGroup(Group);
        ring.AssertIdle();
    }
}
