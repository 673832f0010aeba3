using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Memory;

/// <summary>
/// A worker's outbound memory: segments cut from native slabs, handed out last-in first-out, and heads for
/// bytes that lie elsewhere. Slabs go back to the kernel when load goes (<see cref="SegmentSlabs"/>).
/// </summary>
internal sealed unsafe class SegmentPool : IDisposable
{
    private const int HeadsPerSlab = 256;
    private const nuint HeadStride = 64;

    // One more holds the address of the block before.
    private const long HeadsBytes = (HeadsPerSlab + 1) * (long)HeadStride;

    private readonly MemoryBudget _budget;
    private readonly CarryPool _blocks;
    private readonly SegmentSlabs _slabs;

    // Each begins with a place that holds the address of the one before it.
    // SAFETY: blocks of _blocks, the pool's until Dispose, on the worker's thread.
    private void** _lastHeads;
    private Segment* _freeHeads;

    // A large segment that was offered for writing and not taken yet: the next offer's, or the first of all.
    // SAFETY: the pool's until a queue takes it, on the worker's thread.
    private Segment* _offeredLarge;

    // SAFETY: segments of _slabs, the pool's until a queue takes them, on the worker's thread.
    private Segment* _free;
    private int _freeCount;

    // The most that were in use since the last trim, and whether any came back.
    private int _peak;
    private bool _hasReturns;

    public SegmentPool(MemoryBudget budget)
    {
        _budget = budget;
        _blocks = new CarryPool(budget, CloseReason.OutboundLimit);
        _slabs = new SegmentSlabs(budget);
    }

    /// <summary>Segments handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Native memory held in slabs, in bytes.</summary>
    public long ReservedBytes => _slabs.ReservedBytes;

    /// <summary>Takes an empty segment. The caller owns it until <see cref="Return"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Segment* Rent()
    {
        Segment* segment = Offer();
        _free = segment->Next;
        _freeCount--;
        segment->Next = null;
        InUse++;
        _peak = Math.Max(_peak, InUse);
        return segment;
    }

    /// <summary>Makes sure that this many segments can be taken.</summary>
    /// <returns>False when the budget does not allow it, or the system has none.</returns>
    public bool TryEnsure(int count)
    {
        while (_freeCount < count)
        {
            if (!TryGrow())
            {
                IsPressed |= count == 1;
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A connection that needed one segment was refused it: others hold too much. Whoever acts on it sets it
    /// back.
    /// </summary>
    public bool IsPressed { get; set; }

    /// <summary>Takes a segment of bytes that nobody ever changes, moves or frees.</summary>
    /// <returns>The segment; null when there is no memory for its head.</returns>
    // SAFETY: the pool neither writes the bytes nor frees them; the caller vouches for their lifetime.
    public Segment* TryRentForeign(byte* data, int length)
    {
        Segment* segment = TryRentHead(SegmentKind.Foreign);
        if (segment is null)
        {
            return null;
        }

        segment->Data = data;
        segment->End = length;
        segment->Capacity = length;
        InUse++;
        return segment;
    }

    /// <summary>
    /// The segment that <see cref="Rent"/> returns next. Its bytes may be written before it is taken: they
    /// are nobody's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Segment* Offer()
    {
        if (_free is null && !TryGrow())
        {
            IsPressed = true;
            throw Refusal(Segment.PooledCapacity, (long)SegmentSlab.Bytes);
        }

        Segment* segment = _free;
        segment->Start = 0;
        segment->End = 0;
        return segment;
    }

    /// <summary>Like <see cref="Offer"/>, with room for more than a pooled segment's bytes.</summary>
    public Segment* OfferLarge(int size)
    {
        if (_offeredLarge is not null)
        {
            if (_offeredLarge->Capacity >= size)
            {
                return _offeredLarge;
            }

            DropOfferedLarge();
        }

        byte* block = _blocks.Rent(size, out int capacity);
        Segment* segment = TryRentHead(SegmentKind.Large);
        if (segment is null)
        {
            _blocks.Return(block, capacity);
            throw Refusal(size, HeadsBytes);
        }

        segment->Data = block;
        segment->Capacity = capacity;
        _offeredLarge = segment;
        return segment;
    }

    /// <summary>Takes a segment that was offered.</summary>
    /// <returns>Whether it was the last offer of its kind; if not, it may be somebody's by now.</returns>
    public bool TryTake(Segment* offered)
    {
        if (offered == _free)
        {
            Rent();
            return true;
        }

        if (offered != _offeredLarge)
        {
            return false;
        }

        _offeredLarge = null;
        InUse++;
        return true;
    }

    /// <summary>Takes a segment back. No send that covers it may be in flight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(Segment* segment)
    {
        InUse--;
        if (segment->Kind != SegmentKind.Pooled)
        {
            ReturnOther(segment);
            return;
        }

        segment->Next = _free;
        _free = segment;
        _freeCount++;
        _hasReturns = true;
    }

    /// <summary>
    /// Whether it is worth to look for slabs that are free as a whole: some must have come back since the
    /// last look.
    /// </summary>
    public bool HasSurplus => _hasReturns && _freeCount > SegmentSlabs.SegmentsPerSlab * 2;

    /// <summary>
    /// Gives slabs back to the system, but for as many segments as were in use at once since the last time,
    /// so that a load that comes and goes with every turn does not come and go with the memory.
    /// </summary>
    public void Trim()
    {
        DropOfferedLarge();
        int keep = Math.Max(SegmentSlabs.SegmentsPerSlab, _peak - InUse);
        _freeCount -= _slabs.Release(ref _free, _freeCount - keep);

        // When more was in use, the next time knows whether that was the end of a load.
        _hasReturns = _peak > InUse;
        _peak = InUse;
    }

    public void Dispose()
    {
        DropOfferedLarge();
        while (_lastHeads is not null)
        {
            void** heads = _lastHeads;
            _lastHeads = (void**)*heads;
            NativeMemory.AlignedFree(heads);
            _budget.Release(HeadsBytes);
        }

        _free = null;
        _freeHeads = null;
        _slabs.Dispose();
        _blocks.Dispose();
    }

    private void DropOfferedLarge()
    {
        Segment* offered = _offeredLarge;
        if (offered is not null)
        {
            _offeredLarge = null;
            ReturnOther(offered);
        }
    }

    private Segment* TryRentHead(SegmentKind kind)
    {
        if (_freeHeads is null && !TryGrowHeads())
        {
            return null;
        }

        Segment* segment = _freeHeads;
        _freeHeads = segment->Next;
        *segment = default;
        segment->Kind = kind;
        return segment;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReturnOther(Segment* segment)
    {
        if (segment->Kind == SegmentKind.Large)
        {
            _blocks.Return(segment->Data, segment->Capacity);
        }

        segment->Next = _freeHeads;
        _freeHeads = segment;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGrow()
    {
        if (!_slabs.TryAdd(ref _free))
        {
            return false;
        }

        _freeCount += SegmentSlabs.SegmentsPerSlab;
        return true;
    }

    // SAFETY: heads live until Dispose, which the worker calls after its ring is gone: by then no send is in
    // flight and no segment is reachable.
    private bool TryGrowHeads()
    {
        if (!_budget.TryReserve(HeadsBytes))
        {
            return false;
        }

        var heads = (byte*)_budget.TryAllocateAligned(HeadsBytes, HeadStride);
        if (heads is null)
        {
            _budget.Release(HeadsBytes);
            return false;
        }

        *(void**)heads = _lastHeads;
        _lastHeads = (void**)heads;
        for (int i = HeadsPerSlab; i >= 1; i--)
        {
            var segment = (Segment*)(heads + ((nuint)i * HeadStride));
            segment->Next = _freeHeads;
            _freeHeads = segment;
        }

        return true;
    }

    /// <summary>Why there is no memory for bytes that somebody must write.</summary>
    public BudgetException RefusalOf(int bytes) => Refusal(bytes, (long)SegmentSlab.Bytes);

    private BudgetException Refusal(long wantedBytes, long takenBytes) => _budget.HasRoomFor(takenBytes)
        ? BudgetException.ForSystem(CloseReason.OutboundLimit, wantedBytes, _budget)
        : BudgetException.ForBudget(CloseReason.OutboundLimit, wantedBytes, _budget);
}
