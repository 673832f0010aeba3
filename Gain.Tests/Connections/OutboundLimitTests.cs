using Gain.Mail;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Connections;

/// <summary>Writes that fit exactly, and those that are one too long: the latter change nothing.</summary>
public sealed class OutboundLimitTests
{
    private const int Segments = SegmentSlabs.SegmentsPerSlab;
    private const int Most = Segments * Segment.PooledCapacity;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(Segment.PooledCapacity)]
    [TestCase(Segment.PooledCapacity + 1)]
    public void A_write_that_needs_one_segment_more_than_there_is_is_refused_whole(int before)
    {
        ConnectionWriter writer = Make(1 << 30);
        using SlotTable table = writer.Table;
        ref Slot slot = ref table[table.Allocate(fd: -1)];
        Assert.That(writer.TryWrite(ref slot, new byte[before]));
        int segments = table.Segments.InUse;
        Assert.That(writer.TryWrite(ref slot, new byte[Most - before + 1]), Is.False);
        Assert.That(slot.Outbound.Bytes, Is.EqualTo(before));
        Assert.That(table.Segments.InUse, Is.EqualTo(segments));
        Assert.That(writer.Reserve(ref slot, Most - before));
        Assert.That(writer.TryWrite(ref slot, new byte[Most - before]));
        Assert.That(slot.Outbound.Bytes, Is.EqualTo(Most));
        Assert.That(table.Segments.InUse, Is.EqualTo(Segments));
    }

    [Test]
    public void A_write_up_to_the_limit_is_taken_and_one_byte_more_is_refused_whole(
        [Values(0, 1, 9_999)] int before, [Range(0, 2)] int way)
    {
        const int limit = 10_000;
        byte[] rest = GC.AllocateArray<byte>(limit - before, pinned: true);
        ConnectionWriter writer = Make(limit);
        using SlotTable table = writer.Table;
        ref Slot slot = ref table[table.Allocate(fd: -1)];
        var connection = new Connection(writer, ref slot);
        Assert.That(connection.TrySend(new byte[before]));
        Assert.That(connection.TrySend(new byte[limit - before + 1]), Is.False);
        connection.GetSpan(limit)[..(limit - before + 1)].Clear();
        Assert.That(connection.TryAdvance(limit - before + 1), Is.False);
        Assert.That(connection.OutboundBytes, Is.EqualTo(before));
        Assert.That(writer.Reserve(ref slot, limit - before));
        rest.CopyTo(connection.GetSpan(limit));
        Assert.That(way switch
        {
            0 => connection.TrySend(rest),
            1 => connection.TryAdvance(rest.Length),
#pragma warning disable GAIN3006 // Nothing is sent here: it is queued, or refused.
            _ => connection.TrySendStatic(rest),
        });
#pragma warning restore GAIN3006
        Assert.That(connection.OutboundBytes, Is.EqualTo(limit));
        Assert.That(connection.TrySend([1]), Is.False);
        Assert.That(connection.IsClosing, Is.False);
        GC.KeepAlive(rest);
    }

    [Test]
    public void A_connection_is_congested_from_the_high_watermark_on_and_can_still_be_written_to()
    {
        ConnectionWriter writer = Make(limit: 20_000, high: 10_000);
        using SlotTable table = writer.Table;
        ref Slot slot = ref table[table.Allocate(fd: -1)];
        var connection = new Connection(writer, ref slot);
        Assert.That(connection.TrySend(new byte[9_999]));
        Assert.That(connection.IsCongested, Is.False);
        Assert.That(connection.TrySend([1]));
        Assert.That(connection.IsCongested);
        Assert.That(connection.TrySend(new byte[10_000]), "the limit is further up");
        Assert.That(connection.IsClosing, Is.False);
        connection.Close();
        Assert.That(connection.IsClosing);
    }

    // One slab, and the system has no second one.
    private static ConnectionWriter Make(int limit, int? high = null)
    {
        int slabs = 0;
        var budget = new MemoryBudget(1L << 40, bytes => bytes < (long)SegmentSlab.Bytes || slabs++ == 0);
        var table = new SlotTable(1, 0, new Mailbox(2), budget);
        return new ConnectionWriter(table, new ConnectionLimits(high ?? limit, 0, limit, 1), budget);
    }
}
