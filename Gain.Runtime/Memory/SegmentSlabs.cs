using Gain.Rings;

namespace Gain.Memory;

/// <summary>
/// The slabs of a pool's segments: taken from the kernel, and given back when they are free. The first one is
/// set aside in the budget, so that what others hold does not keep the pool from it.
/// </summary>
internal sealed unsafe class SegmentSlabs : IDisposable
{
    /// <summary>The segments of a slab.</summary>
    public const int SegmentsPerSlab = 63;

    private const int CacheLine = 64;

    // How many cache lines the first segment may lie further behind, so that segments of different slabs fall
    // into different cache sets.
    private const int Colours = ((int)SegmentSlab.Bytes - (SegmentsPerSlab * Segment.Stride)) / CacheLine - 1;

    private readonly MemoryBudget _budget;
    // SAFETY: each slab is a mapping of this object's until Dispose, on the worker's thread.
    private SegmentSlab* _slabs;
    private int _count;
    private int _colour;

    // Whether the slab that is set aside is one of those held.
    private bool _usesOwn;

    public SegmentSlabs(MemoryBudget budget)
    {
        _budget = budget;
        budget.SetAside((long)SegmentSlab.Bytes);
    }

    /// <summary>Native memory held, in bytes.</summary>
    public long ReservedBytes => (long)_count * (long)SegmentSlab.Bytes;

    /// <summary>Adds a slab's segments to a free list.</summary>
    /// <returns>False when the budget does not allow it, or the system has none.</returns>
    // SAFETY: a slab stays mapped until none of its segments is in use, or until Dispose, which the worker
    // calls after its ring is gone: no send is in flight then.
    public bool TryAdd(ref Segment* free)
    {
        if (!TryCharge())
        {
            return false;
        }

        var slab = (SegmentSlab*)_budget.TryMapAligned(SegmentSlab.Bytes);
        if (slab is null)
        {
            Discharge();
            return false;
        }

        slab->Next = _slabs;
        _slabs = slab;
        _count++;
        byte* first = (byte*)slab + CacheLine + ((nint)_colour * CacheLine);
        _colour = (_colour + 1) % Colours;
        for (int i = SegmentsPerSlab - 1; i >= 0; i--)
        {
            var segment = (Segment*)(first + ((nint)i * Segment.Stride));
            *segment = new Segment
            {
                Next = free,
                Data = (byte*)segment + Segment.HeadBytes,
                Capacity = Segment.PooledCapacity,
                Kind = SegmentKind.Pooled,
            };
            free = segment;
        }

        return true;
    }

    /// <summary>Releases slabs of which all segments are in the free list.</summary>
    /// <param name="free">The free list, which loses their segments.</param>
    /// <param name="most">How many segments may go.</param>
    /// <returns>How many segments went.</returns>
    public int Release(ref Segment* free, int most)
    {
        CountFree(free);
        int released = 0;
        for (SegmentSlab* slab = _slabs; slab is not null; slab = slab->Next)
        {
            if (slab->FreeSegments == SegmentsPerSlab && released + SegmentsPerSlab <= most)
            {
                slab->IsLeaving = true;
                released += SegmentsPerSlab;
            }
        }

        if (released != 0)
        {
            TakeOutLeaving(ref free);
            UnmapLeaving();
        }

        return released;
    }

    public void Dispose()
    {
        for (SegmentSlab* slab = _slabs; slab is not null; slab = slab->Next)
        {
            slab->IsLeaving = true;
        }

        UnmapLeaving();
        _budget.SetAside(-(long)SegmentSlab.Bytes);
    }

    private bool TryCharge()
    {
        if (_usesOwn)
        {
            return _budget.TryReserve((long)SegmentSlab.Bytes);
        }

        _usesOwn = true;
        _budget.UseSetAside((long)SegmentSlab.Bytes);
        return true;
    }

    // What is shared goes back first.
    private void Discharge()
    {
        if (_count > 0)
        {
            _budget.Release((long)SegmentSlab.Bytes);
        }
        else
        {
            _usesOwn = false;
            _budget.UseSetAside(-(long)SegmentSlab.Bytes);
        }
    }

    private void CountFree(Segment* free)
    {
        for (SegmentSlab* slab = _slabs; slab is not null; slab = slab->Next)
        {
            slab->FreeSegments = 0;
        }

        for (Segment* segment = free; segment is not null; segment = segment->Next)
        {
            SegmentSlab.Of(segment)->FreeSegments++;
        }
    }

    private static void TakeOutLeaving(ref Segment* free)
    {
        Segment* last = null;
        Segment* segment = free;
        free = null;
        for (; segment is not null; segment = segment->Next)
        {
            if (SegmentSlab.Of(segment)->IsLeaving)
            {
                continue;
            }

            if (last is null)
            {
                free = segment;
            }
            else
            {
                last->Next = segment;
            }

            last = segment;
        }

        if (last is not null)
        {
            last->Next = null;
        }
    }

    private void UnmapLeaving()
    {
        SegmentSlab* kept = null;
        for (SegmentSlab* slab = _slabs; slab is not null;)
        {
            SegmentSlab* next = slab->Next;
            if (slab->IsLeaving)
            {
                NativePages.Unmap(slab, SegmentSlab.Bytes);
                _count--;
                Discharge();
            }
            else
            {
                slab->Next = kept;
                kept = slab;
            }

            slab = next;
        }

        _slabs = kept;
    }
}
