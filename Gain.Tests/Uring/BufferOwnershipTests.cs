using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Buffers that a buffer ring owns: the kernel never has one that is lent, nor one twice.</summary>
[TestFixture]
internal sealed unsafe class BufferOwnershipTests
{
    private const ushort Group = 3;
    private const int Truncated = 0x20;

    [Test]
    public void A_buffer_goes_back_once()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 16);
        CompletionEntry first = Receive(ring, pair, "first"u8);
        CompletionEntry second = Receive(ring, pair, "second"u8);
        Span<byte> kept = pool.Lend(second);
        _ = pool.Lend(first);
        pool.GiveBack(first);

        Assert.That(() => pool.GiveBack(first), Throws.InvalidOperationException
            .With.Message.Contains($"Buffer {first.BufferId} is not lent"));

        // The ring has one buffer, and it is not the one that is lent.
        CompletionEntry third = Receive(ring, pair, "third"u8);
        Assert.That(third.BufferId, Is.EqualTo(first.BufferId));
        Assert.That(Receive(ring, pair, "fourth"u8).Result, Is.EqualTo(-Errno.ENOBUFS));
        Assert.That(kept.SequenceEqual("second"u8));
    }

    [Test]
    public void A_buffer_is_lent_once()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 16);
        CompletionEntry completion = Receive(ring, pair, "x"u8);

        Assert.That(() => pool.GiveBack(completion), Throws.InvalidOperationException
            .With.Message.Contains("was not lent"));
        Assert.That(pool.Lend(completion).Length, Is.EqualTo(1));
        Assert.That(() => pool.Lend(completion), Throws.InvalidOperationException
            .With.Message.Contains("is lent already"));

        pool.GiveBack(completion);
        Assert.That(Receive(ring, pair, "y"u8).HasBuffer);
    }

    [TestCase(2)]
    [TestCase(200)]
    [TestCase(65_535)]
    public void A_buffer_of_another_group_is_refused(int id)
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 16);
        CompletionEntry foreign = new(0, 1, ((uint)id << 16) | 1);

        Assert.That(() => pool.GiveBack(foreign), Throws.ArgumentException
            .With.Message.Contains($"buffer {id}, and this ring's are 0 to 1"));
        Assert.That(() => pool.Lend(foreign).Length, Throws.ArgumentException);

        Assert.That(Receive(ring, pair, "a"u8).Result, Is.EqualTo(1));
        Assert.That(Receive(ring, pair, "b"u8).Result, Is.EqualTo(1));
        Assert.That(Receive(ring, pair, "c"u8).Result, Is.EqualTo(-Errno.ENOBUFS), "No third was added.");
    }

    [Test]
    public void What_was_cut_is_lent_as_far_as_it_is_there()
    {
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using Socket source = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        byte[] data = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 64);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecvMultishot((int)target.Handle, Truncated);
        entry.SetBufferGroup(Group);
        _ = source.SendTo(data, target.LocalEndPoint!);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.Result, Is.EqualTo(200), "MSG_TRUNC tells the length of the datagram.");
        Assert.That(pool.Lend(completion).ToArray(), Is.EqualTo(data[..64]));
        Assert.That(() => pool.GiveBack(completion), Throws.Nothing);
    }

    [Test]
    public void A_buffer_goes_back_when_none_of_its_parts_is_lent()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        using BufferRing pool = ring.RegisterBufferRing(Group, 1, 8, BufferRingFlags.Incremental);
        CompletionEntry first = Receive(ring, pair, "abcd"u8);
        Assert.That(first.BufferHasMore);
        Span<byte> kept = pool.Lend(first);
        CompletionEntry last = Receive(ring, pair, "efgh"u8);
        Assert.That(last.BufferHasMore, Is.False);
        Assert.That(pool.Lend(last).SequenceEqual("efgh"u8));

        pool.GiveBack(last);

        Assert.That(Receive(ring, pair, "next"u8).Result, Is.EqualTo(-Errno.ENOBUFS));
        Assert.That(kept.SequenceEqual("abcd"u8));
        pool.GiveBack(first);
        Assert.That(() => pool.GiveBack(first), Throws.InvalidOperationException);
        CompletionEntry next = Receive(ring, pair, "!"u8);
        Assert.That(pool.Lend(next).SequenceEqual("next!"u8));
    }

    [Test]
    public void A_part_that_was_not_lent_is_not_given_back()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        using BufferRing pool = ring.RegisterBufferRing(Group, 1, 8, BufferRingFlags.Incremental);
        CompletionEntry first = Receive(ring, pair, "abc"u8);
        CompletionEntry second = Receive(ring, pair, "de"u8);

        Assert.That(() => pool.GiveBack(first), Throws.InvalidOperationException
            .With.Message.Contains("Lend each completion's part"));
        Assert.That(pool.Lend(first).SequenceEqual("abc"u8));
        Assert.That(() => pool.GiveBack(second), Throws.InvalidOperationException, "Another one is lent.");
        Assert.That(pool.Lend(second).SequenceEqual("de"u8), "The place is right all the same.");
        pool.GiveBack(second);
        pool.GiveBack(first);
    }

    [Test]
    public void A_last_part_that_was_not_lent_is_not_given_back_for_another_of_its_length()
    {
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.MinimumTimeout);
        using BufferRing pool = ring.RegisterBufferRing(Group, 1, 8, BufferRingFlags.Incremental);

        // As the kernel tells of them: buffer 0 has more, and then no more.
        CompletionEntry first = new(1, 4, 0x11);
        CompletionEntry last = new(2, 4, 0x01);
        Assert.That(first.BufferHasMore && !last.BufferHasMore);
        _ = pool.Lend(first);

        Assert.That(() => pool.GiveBack(last), Throws.InvalidOperationException);
        Assert.That(pool.Lend(last).Length, Is.EqualTo(4), "The first one is still lent.");
        pool.GiveBack(first);
        pool.GiveBack(last);
    }

    [Test]
    public void It_lends_nothing_after_it_was_disposed_of()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        BufferRing pool = ring.RegisterBufferRing(Group, 2, 16);
        CompletionEntry completion = Receive(ring, pair, "x"u8);
        pool.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(() => pool.Lend(completion).Length, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => pool.GiveBack(completion), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => pool.Add(null, 0, 0), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(pool.Publish, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(pool.Dispose, Throws.Nothing);
        });
    }

    private static CompletionEntry Receive(Ring ring, DescriptorPair pair, ReadOnlySpan<byte> data)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecv(pair.First, null, 0, 0);
        entry.SetBufferGroup(Group);
        pair.Write(data);
        return ring.Next();
    }
}
