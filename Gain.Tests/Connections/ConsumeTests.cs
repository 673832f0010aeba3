using Gain.Memory;

namespace Gain.Tests.Connections;

/// <summary>No more is taken from a queue or a carry than it holds: what would be more throws.</summary>
public sealed class ConsumeTests
{
    [TestCase(11)]
    [TestCase(-1)]
    public void Queue_throws_at_more_than_it_holds_and_keeps_what_it_has(int count)
    {
        using var pool = new SegmentPool(new MemoryBudget(1L << 40));
        OutboundQueue queue = default;
        Assert.That(queue.TryAppend(pool, new byte[10]));
        Assert.That(
            () => queue.Consume(pool, count),
            Throws.InvalidOperationException.With.Message.Contains("of a queue that holds 10"));
        Assert.That(queue.Bytes, Is.EqualTo(10));
        queue.Consume(pool, 10);
        Assert.That(pool.InUse, Is.Zero);
    }

    [TestCase(11)]
    [TestCase(-1)]
    public void Carry_throws_at_more_than_it_holds_and_keeps_what_it_has(int count)
    {
        using var pool = new CarryPool(new MemoryBudget(1L << 40), CloseReason.InboundLimit, 0);
        InboundCarry carry = default;
        carry.Append(pool, new byte[10]);
        Assert.That(
            () => carry.Consume(pool, count),
            Throws.InvalidOperationException.With.Message.Contains("of a carry that holds 10"));
        Assert.That(carry.Length, Is.EqualTo(10));
        carry.Consume(pool, 10);
        Assert.That(pool.InUse, Is.Zero);
    }
}
