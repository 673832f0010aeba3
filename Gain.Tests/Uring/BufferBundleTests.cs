using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Completions that took several buffers of a ring that owns them.</summary>
[TestFixture]
internal sealed unsafe class BufferBundleTests
{
    private const ushort Group = 4;
    private const int BufferBytes = 8;

    [Test]
    public void A_bundle_lends_each_of_its_buffers()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);

        CompletionEntry completion = Receive(ring, pair, "0123456789abcdefghij"u8);
        Assert.That(completion.Result, Is.EqualTo(20));
        BufferBundle bundle = pool.LendBundle(completion);

        Assert.That(bundle.Count, Is.EqualTo(3));
        Assert.That(Parts(bundle), Is.EqualTo(["01234567", "89abcdef", "ghij"]));
        Assert.That(Parts(bundle), Has.Length.EqualTo(3), "A second loop starts at the first.");
        pool.GiveBackBundle(completion);
        Assert.That(pool.TryCountAvailable(out int count) ? count : 4, Is.EqualTo(4));
    }

    [Test]
    public void Buffers_follow_each_other_as_they_were_given_back()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);
        CompletionEntry first = Receive(ring, pair, "a"u8);
        CompletionEntry second = Receive(ring, pair, "bbbbbbbbB"u8);
        _ = pool.LendBundle(first);
        _ = pool.LendBundle(second);
        pool.GiveBackBundle(second);
        pool.GiveBackBundle(first);

        CompletionEntry third = Receive(ring, pair, "33333333111111112222222200000000"u8);

        Assert.That(third.BufferId, Is.EqualTo(3));
        Assert.That(
            Parts(pool.LendBundle(third)),
            Is.EqualTo(["33333333", "11111111", "22222222", "00000000"]));
        pool.GiveBackBundle(third);
    }

    [Test]
    public void Bytes_stay_in_order_over_many_bundles()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 8, BufferBytes);
        Random random = new(20);
        List<CompletionEntry> held = [];
        for (int i = 0; i < 2_000; i++)
        {
            byte[] data = new byte[random.Next(1, (2 * BufferBytes) + 1)];
            random.NextBytes(data);
            CompletionEntry completion = Receive(ring, pair, data);
            Assert.That(completion.Result, Is.EqualTo(data.Length));
            Assert.That(Bytes(pool.LendBundle(completion)), Is.EqualTo(data), $"{i}");
            held.Add(completion);
            if (held.Count == 4)
            {
                // In another order than they were taken in; the others are as they were.
                int back = random.Next(4);
                pool.GiveBackBundle(held[back]);
                held.RemoveAt(back);
            }
        }
    }

    [Test]
    public void A_bundle_goes_back_once_and_by_its_own_method()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);
        CompletionEntry completion = Receive(ring, pair, "0123456789"u8);
        Assert.That(
            () => pool.GiveBackBundle(completion),
            Throws.InvalidOperationException.With.Message.Contains("is not lent as the first of a bundle"));
        _ = pool.LendBundle(completion);

        Assert.That(
            () => pool.LendBundle(completion).Count,
            Throws.InvalidOperationException.With.Message.Contains("is lent already"));
        Assert.That(
            () => pool.GiveBack(completion),
            Throws.InvalidOperationException.With.Message.Contains("GiveBackBundle"));
        pool.GiveBackBundle(completion);
        Assert.That(() => pool.GiveBackBundle(completion), Throws.InvalidOperationException);
    }

    [Test]
    public void A_bundle_that_overlaps_what_is_lent_is_refused_as_a_whole()
    {
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);
        CompletionEntry second = Told(1, 4);
        CompletionEntry both = Told(0, 16);
        _ = pool.Lend(second);

        Assert.That(
            () => pool.LendBundle(both).Count,
            Throws.InvalidOperationException.With.Message.Contains("Buffer 1 is lent already"));
        Assert.That(pool.Lend(Told(0, 4)).Length, Is.EqualTo(4), "The first one is not lent.");
        Assert.That(() => pool.GiveBackBundle(second), Throws.InvalidOperationException, "It is no bundle.");
    }

    [TestCase(0, 33)]
    [TestCase(3, 9)]
    [TestCase(0, int.MaxValue)]
    public void More_bytes_than_the_buffers_hold_are_refused(int id, int bytes)
    {
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);

        Assert.That(
            () => pool.LendBundle(Told(id, bytes)).Count,
            Throws.InvalidOperationException.With.Message.Contains($"{bytes:N0} bytes from buffer {id} on"));
        Assert.That(() => pool.LendBundle(Told(4, 1)).Count, Throws.ArgumentException);
    }

    [Test]
    public void A_pool_of_one_buffer_has_bundles_of_one()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 1, BufferBytes);
        for (int i = 0; i < 3; i++)
        {
            CompletionEntry completion = Receive(ring, pair, "x"u8);
            Assert.That(Parts(pool.LendBundle(completion)), Is.EqualTo(["x"]));
            pool.GiveBackBundle(completion);
        }

        Assert.That(() => pool.LendBundle(Told(0, 9)).Count, Throws.InvalidOperationException);
    }

    [Test]
    public void A_bundle_that_goes_back_within_its_loop_ends_the_loop()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 4, BufferBytes);
        CompletionEntry completion = Receive(ring, pair, "0123456789"u8);

        Assert.That(
            () =>
            {
                foreach (Span<byte> _ in pool.LendBundle(completion))
                {
                    pool.GiveBackBundle(completion);
                }
            },
            Throws.InvalidOperationException.With.Message.Contains("within the loop"));
    }

    [Test]
    public void Buffers_that_are_used_up_in_steps_have_no_bundles()
    {
        using Ring ring = Create();
        ring.Require(RingFeatures.MinimumTimeout);
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 8, BufferRingFlags.Incremental);

        Assert.That(
            () => pool.LendBundle(Told(0, 1)).Count,
            Throws.InvalidOperationException.With.Message.Contains("without BufferRingFlags.Incremental"));
    }

    [Test]
    public void A_completion_without_bytes_lends_its_buffer_empty()
    {
        using Ring ring = Create();
        using BufferRing pool = ring.RegisterBufferRing(Group, 2, 8);
        CompletionEntry failed = Told(0, -Errno.ECONNRESET);

        Assert.That(Parts(pool.LendBundle(failed)), Is.EqualTo([""]));
        Assert.That(() => pool.GiveBackBundle(failed), Throws.Nothing);
        Assert.That(
            () => pool.LendBundle(new CompletionEntry(0, 1, 0)).Count,
            Throws.ArgumentException.With.Message.Contains("took no buffer"));
    }

    [Test]
    public void It_counts_nothing_after_it_was_disposed_of()
    {
        using Ring ring = Create();
        BufferRing pool = ring.RegisterBufferRing(Group, 2, 8);
        pool.Dispose();

        // The number is another one's now, whose count this is not.
        using BufferRing other = ring.RegisterBufferRing(Group, 2, 8);
        Assert.That(() => pool.TryCountAvailable(out _), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => pool.TryGetHead(out _), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            () => pool.LendBundle(Told(0, 1)).Count, Throws.InstanceOf<ObjectDisposedException>());
    }

    private static string[] Parts(BufferBundle bundle)
    {
        List<string> parts = [];
        foreach (Span<byte> part in bundle)
        {
            parts.Add(System.Text.Encoding.ASCII.GetString(part));
        }

        return [.. parts];
    }

    private static byte[] Bytes(BufferBundle bundle)
    {
        List<byte> bytes = [];
        foreach (Span<byte> part in bundle)
        {
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    private static CompletionEntry Told(int id, int result) => new(0, result, ((uint)id << 16) | 1);

    private static Ring Create()
    {
        Ring ring = TestRing.Create();
        if ((ring.Features & RingFeatures.Bundles) == 0)
        {
            ring.Dispose();
            Assert.Ignore("the kernel's io_uring has no Bundles");
        }

        return ring;
    }

    private static CompletionEntry Receive(Ring ring, DescriptorPair pair, ReadOnlySpan<byte> data)
    {
        pair.Write(data);
        SubmissionEntry entry = ring.Entry(1);

        // With no length, the kernel takes one buffer at first, and may be content with it.
        entry.PrepRecvBundle(pair.First, 4 * BufferBytes, SocketMessageFlags.None);
        entry.SetBufferGroup(Group);
        return ring.Next();
    }
}
