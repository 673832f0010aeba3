using Gain.Memory;

namespace Gain.Tests.Parity;

/// <summary>What the original's pools of memory do: size classes, and memory that is used again.</summary>
public sealed unsafe class ParityMemoryTests
{
    private readonly MemoryBudget _budget = new(1L << 40);

    // Each size class is twice as large as the one before it, up to 64 MiB and beyond.
    [Test]
    public void Memory_for_received_bytes_comes_in_powers_of_two()
    {
        using var pool = new CarryPool(_budget, CloseReason.InboundLimit);
        for (int size = 256; size <= 128 << 20; size *= 2)
        {
            Assert.That(CapacityOf(pool, size), Is.EqualTo(size));
            Assert.That(CapacityOf(pool, size - 1), Is.EqualTo(size));
            Assert.That(CapacityOf(pool, (size / 2) + 1), Is.EqualTo(size));
        }

        Assert.That(CapacityOf(pool, 1), Is.EqualTo(256));
    }

    [Test]
    public void Memory_for_received_bytes_that_came_back_is_used_for_the_next_of_its_size()
    {
        using var pool = new CarryPool(_budget, CloseReason.InboundLimit);
        byte* small = pool.Rent(4_096, out int smallCapacity);
        byte* large = pool.Rent(8_192, out int largeCapacity);
        pool.Return(small, smallCapacity);
        pool.Return(large, largeCapacity);

        Assert.That((nint)pool.Rent(8_000, out _), Is.EqualTo((nint)large));
        Assert.That((nint)pool.Rent(4_000, out _), Is.EqualTo((nint)small));
        byte* other = pool.Rent(4_000, out _);
        Assert.That((nint)other, Is.Not.EqualTo((nint)small), "that one is in use");
        pool.Return(other, smallCapacity);
        pool.Return(small, smallCapacity);
        pool.Return(large, largeCapacity);
        Assert.That(pool.InUse, Is.Zero);
    }

    [Test]
    public void Memory_that_is_larger_than_what_may_lie_idle_goes_back_at_once()
    {
        using var pool = new CarryPool(_budget, CloseReason.InboundLimit);
        byte* block = pool.Rent(64 << 20, out int capacity);
        Assert.That(_budget.ReservedBytes, Is.EqualTo(64 << 20));
        pool.Return(block, capacity);

        Assert.That(pool.StockBytes, Is.Zero);
        Assert.That(_budget.ReservedBytes, Is.Zero);
    }

    [Test]
    public void Memory_for_written_bytes_that_came_back_is_used_next()
    {
        using var pool = new SegmentPool(_budget);
        Segment* first = pool.Rent();
        Segment* second = pool.Rent();
        Assert.That((nint)second, Is.Not.EqualTo((nint)first));
        pool.Return(first);
        Assert.That((nint)pool.Rent(), Is.EqualTo((nint)first));
        pool.Return(second);
        pool.Return(first);
        Assert.That(pool.InUse, Is.Zero);
    }

    private static int CapacityOf(CarryPool pool, int size)
    {
        byte* block = pool.Rent(size, out int capacity);
        pool.Return(block, capacity);
        return capacity;
    }
}
