using CsCheck;
using Gain.Connections;

namespace Gain.Tests.Connections;

public unsafe class MemoryTests
{
    private const long Slab = 1 << 20;

    [Test]
    public void Slabs_go_back_to_the_system_when_load_goes()
    {
        var budget = new MemoryBudget(1L << 40);
        using var pool = new SegmentPool(budget);
        var rented = new List<nint>();
        for (int i = 0; i < 10_000; i++)
        {
            rented.Add((nint)pool.Rent());
        }

        long most = pool.ReservedBytes;
        Assert.That(most, Is.AtLeast(10_000L * Segment.PooledCapacity));
        Assert.That(budget.ReservedBytes, Is.EqualTo(most));
        foreach (nint segment in rented)
        {
            pool.Return((Segment*)segment);
        }

        // The first look still knows of the load, the next one that it has gone.
        Assert.That(pool.HasSurplus);
        pool.Trim();
        Assert.That(pool.ReservedBytes, Is.EqualTo(most));
        Assert.That(pool.HasSurplus);
        pool.Trim();
        Assert.That(pool.ReservedBytes, Is.EqualTo(Slab));
        Assert.That(budget.ReservedBytes, Is.EqualTo(Slab));
        Assert.That(pool.HasSurplus, Is.False, "it would be looked at for ever");
    }

    [Test]
    public void Load_that_comes_and_goes_keeps_its_memory()
    {
        var budget = new MemoryBudget(1L << 40);
        using var pool = new SegmentPool(budget);
        for (int round = 0; round < 5; round++)
        {
            Churn(pool, 500);
            pool.Trim();
            Assert.That(pool.ReservedBytes, Is.EqualTo(8 * Slab));
        }
    }

    [Test]
    public void Slabs_with_a_segment_in_use_stay_and_are_not_looked_at_for_ever()
    {
        var budget = new MemoryBudget(1L << 40);
        using var pool = new SegmentPool(budget);
        var rented = new List<nint>();
        for (int i = 0; i < 10 * SegmentSlabs.SegmentsPerSlab; i++)
        {
            rented.Add((nint)pool.Rent());
        }

        for (int i = 0; i < rented.Count; i++)
        {
            if (i % SegmentSlabs.SegmentsPerSlab != 7)
            {
                pool.Return((Segment*)rented[i]);
            }
        }

        pool.Trim();
        pool.Trim();
        Assert.That(pool.ReservedBytes, Is.EqualTo(10 * Slab));
        Assert.That(pool.HasSurplus, Is.False);
        for (int i = 7; i < rented.Count; i += SegmentSlabs.SegmentsPerSlab)
        {
            pool.Return((Segment*)rented[i]);
        }

        Assert.That(pool.HasSurplus);
        pool.Trim();
        pool.Trim();
        Assert.That(pool.ReservedBytes, Is.EqualTo(Slab));
    }

    // Whatever is taken and returned in whatever order: segments are never handed out twice, and keep their
    // bytes, while slabs come and go.
    [Test]
    public void Segments_are_nobody_elses_while_they_are_rented()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 400]).Array[1, 60].Sample(steps =>
        {
            var budget = new MemoryBudget(1L << 40);
            using var pool = new SegmentPool(budget);
            var rented = new List<(nint Segment, long Mark)>();
            long next = 1;
            foreach ((int kind, int count) in steps)
            {
                pool.Trim();
                for (int i = 0; i < count; i++)
                {
                    if (kind >= 2)
                    {
                        Segment* segment = pool.Rent();
                        *(long*)segment->Data = next;
                        *(long*)(segment->Data + Segment.PooledCapacity - sizeof(long)) = next;
                        rented.Add(((nint)segment, next++));
                    }
                    else if (rented.Count > 0)
                    {
                        int at = kind == 0 ? rented.Count - 1 : (int)(next * 7_919 % rented.Count);
                        Check(rented[at]);
                        pool.Return((Segment*)rented[at].Segment);
                        rented.RemoveAt(at);
                    }
                }
            }

            rented.ForEach(Check);
            Assert.That(pool.InUse, Is.EqualTo(rented.Count));
        }, iter: 100);
    }

    [Test]
    public void Refused_memory_is_no_longer_refused_when_some_comes_back()
    {
        var budget = new MemoryBudget(2 * Slab);
        using var first = new SegmentPool(budget);
        using var second = new SegmentPool(budget);
        Assert.That(first.TryEnsure(SegmentSlabs.SegmentsPerSlab));
        Assert.That(second.TryEnsure(SegmentSlabs.SegmentsPerSlab + 1), Is.False);
        Assert.That(second.TryEnsure(SegmentSlabs.SegmentsPerSlab));
        Assert.That(budget.IsTight);
        Assert.That(
            () => OfferAll(first), Throws.TypeOf<BudgetException>().With.Message.Contains("2,097,152"));
        Assert.That(first.TryEnsure(1), Is.False);
        second.Dispose();
        Assert.That(first.TryEnsure(1));
    }

    [Test]
    public void Carries_come_from_the_budget_and_idle_blocks_make_room()
    {
        var budget = new MemoryBudget(256 << 10);
        using var pool = new CarryPool(budget, CloseReason.InboundLimit);
        byte* half = pool.Rent(100_000, out int capacity);
        Assert.That(capacity, Is.EqualTo(128 << 10));
        BudgetException refused = Assert.Throws<BudgetException>(() => pool.Rent(200_000, out _))!;
        Assert.That(refused.Reason, Is.EqualTo(CloseReason.InboundLimit));
        pool.Return(half, capacity);
        Assert.That(pool.StockBytes, Is.EqualTo(128 << 10));
        byte* whole = pool.Rent(200_000, out capacity);
        Assert.That(pool.StockBytes, Is.Zero, "the idle block was in the way");
        pool.Return(whole, capacity);
        pool.Dispose();
        Assert.That(budget.ReservedBytes, Is.Zero);
    }

    [Test]
    public void Stock_of_carries_follows_what_is_in_use()
    {
        var budget = new MemoryBudget(1L << 40);
        using var pool = new CarryPool(budget, CloseReason.InboundLimit);
        var blocks = new List<(nint Block, int Capacity)>();
        for (int i = 0; i < 256; i++)
        {
            blocks.Add(((nint)pool.Rent(64 << 10, out int capacity), capacity));
        }

        blocks.ForEach(block => pool.Return((byte*)block.Block, block.Capacity));
        Assert.That(pool.StockBytes, Is.AtMost(CarryPool.MinStockBytes));
        Assert.That(budget.ReservedBytes, Is.EqualTo(pool.StockBytes));
    }

    private static void OfferAll(SegmentPool pool)
    {
        for (int i = 0; i <= SegmentSlabs.SegmentsPerSlab; i++)
        {
            pool.Rent();
        }
    }

    private static void Churn(SegmentPool pool, int count)
    {
        var rented = new List<nint>();
        for (int i = 0; i < count; i++)
        {
            rented.Add((nint)pool.Rent());
        }

        rented.ForEach(segment => pool.Return((Segment*)segment));
    }

    private static void Check((nint Segment, long Mark) rented)
    {
        var segment = (Segment*)rented.Segment;
        Assert.That(*(long*)segment->Data, Is.EqualTo(rented.Mark));
        Assert.That(
            *(long*)(segment->Data + Segment.PooledCapacity - sizeof(long)), Is.EqualTo(rented.Mark));
    }
}
