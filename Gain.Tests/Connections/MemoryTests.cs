using CsCheck;
using Gain.Mail;
using Gain.Memory;

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
        Assert.That(pool.HasSurplus, Is.False, "it would be looked at forever");
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
        var budget = new MemoryBudget((256 << 10) + CarryPool.MaxSmallBytes);
        using var pool = new CarryPool(budget, CloseReason.InboundLimit, CarryPool.MaxSmallBytes);
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

    [Test]
    public void Small_blocks_come_from_what_is_set_aside_when_others_hold_the_rest()
    {
        var budget = new MemoryBudget(1 << 20);
        using var pool = new CarryPool(budget, CloseReason.InboundLimit, 2 * CarryPool.MaxSmallBytes);
        Assert.That(budget.TryReserve((1 << 20) - (2 * CarryPool.MaxSmallBytes)));
        Assert.That(budget.TryReserve(1), Is.False, "what is set aside is others'");
        Assert.That(() => pool.Rent(CarryPool.MaxSmallBytes + 1, out _), Throws.TypeOf<BudgetException>());
        Assert.That(pool.IsPressed, Is.False, "a large one is no reason for others to give way");
        byte* first = pool.Rent(7, out int small);
        Assert.That(pool.IsPressed);
        byte* second = pool.Rent(CarryPool.MaxSmallBytes, out int large);
        Assert.That(() => pool.Rent(CarryPool.MaxSmallBytes, out _), Throws.TypeOf<BudgetException>());
        Assert.That(budget.ReservedBytes, Is.AtMost(budget.LimitBytes));
        pool.Return(first, small);
        pool.Return(second, large);
        pool.Dispose();
        Assert.That(budget.ReservedBytes, Is.EqualTo((1 << 20) - (2 * CarryPool.MaxSmallBytes)));
    }

    [Test]
    public void The_first_slab_of_a_pool_is_there_when_others_hold_the_rest()
    {
        var budget = new MemoryBudget(3 * Slab);
        using var greedy = new SegmentPool(budget);
        using var modest = new SegmentPool(budget);
        Assert.That(greedy.TryEnsure(2 * SegmentSlabs.SegmentsPerSlab));
        Assert.That(greedy.TryEnsure((2 * SegmentSlabs.SegmentsPerSlab) + 1), Is.False);
        Assert.That(modest.TryEnsure(1));
        Assert.That(budget.ReservedBytes, Is.EqualTo(budget.LimitBytes));
    }

    [Test]
    public void What_the_system_refuses_is_not_charged()
    {
        bool grants = false;
        var budget = new MemoryBudget(1L << 40, _ => grants);
        using var segments = new SegmentPool(budget);
        using var carries = new CarryPool(budget, CloseReason.InboundLimit, 1 << 20);
        var posted = new PostedMemory(budget, 1 << 20, 1 << 20);
        byte word = 0;
        for (int round = 0; round < 3; round++)
        {
            Assert.That(segments.TryEnsure(1), Is.False);
            BudgetException refused = Assert.Throws<BudgetException>(() => segments.Offer())!;
            Assert.That(refused.Message, Does.Contain("the system has none"));
            Assert.That(() => segments.OfferLarge(100_000), Throws.TypeOf<BudgetException>());
            Assert.That(segments.TryRentForeign(&word, 1) is null);
            Assert.That(() => carries.Rent(100, out _), Throws.TypeOf<BudgetException>());
            Assert.That(posted.TryCopy([1, 2], out PostFailure failure) is null);
            Assert.That(failure, Is.EqualTo(PostFailure.MemoryFull));
            Assert.That(budget.ReservedBytes, Is.Zero);
            Assert.That(posted.Bytes, Is.Zero);
        }

        grants = true;
        Assert.That(segments.TryEnsure(1));
        carries.Return(carries.Rent(100, out int capacity), capacity);
        posted.Free(posted.TryCopy([1, 2], out _));
    }

    // Of several threads one wants more than there ever is: the others have room all the time.
    [Test]
    public void A_large_request_that_is_refused_keeps_no_small_one_from_its_memory()
    {
        var budget = new MemoryBudget(1_000);
        var posted = new PostedMemory(new MemoryBudget(1L << 40), limitBytes: 1_000, maxLength: 1_000);
        byte[] large = new byte[1_000];
        posted.TryCopy([1], out _);
        Assert.That(budget.TryReserve(1));
        using var ready = new Barrier(2);
        bool isOver = false;
        var greedy = new Thread(() =>
        {
            ready.SignalAndWait();
            while (!Volatile.Read(ref isOver))
            {
                Assert.That(budget.TryReserve(1_000), Is.False);
                Assert.That(posted.TryCopy(large, out _) is null);
            }
        });
        greedy.Start();
        ready.SignalAndWait();
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte* block = posted.TryCopy([2], out _);
            bool isReserved = budget.TryReserve(1);
            refused += block is null || !isReserved ? 1 : 0;
            if (block is not null)
            {
                posted.Free(block);
            }

            if (isReserved)
            {
                budget.Release(1);
            }
        }

        Volatile.Write(ref isOver, true);
        greedy.Join();
        Assert.That(refused, Is.Zero);
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
