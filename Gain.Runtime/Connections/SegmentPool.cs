using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// A worker's outbound memory: segments cut from native slabs, handed out last-in first-out, and heads for
/// bytes that lie elsewhere.
/// </summary>
internal sealed unsafe class SegmentPool : IDisposable
{
    private const int SegmentsPerSlab = 64;
    private const int HeadsPerSlab = 256;
    private const nuint CacheLine = 64;

    private readonly CarryPool _blocks = new();

    // Each slab begins with a cache line that holds the address of the slab before it.
    private void** _lastSlab;
    private long _reservedBytes;
    private Segment* _free;
    private Segment* _freeHeads;

    // A large segment that was offered for writing and not taken yet: the next offer's, or the first of all.
    private Segment* _offeredLarge;

    /// <summary>Segments handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Native memory held in slabs, in bytes.</summary>
    public long ReservedBytes => _reservedBytes;

    /// <summary>Takes an empty segment. The caller owns it until <see cref="Return"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Segment* Rent()
    {
        Segment* segment = Offer();
        _free = segment->Next;
        segment->Next = null;
        InUse++;
        return segment;
    }

    /// <summary>Takes a segment of bytes that nobody ever changes, moves or frees.</summary>
    // SAFETY: the pool neither writes the bytes nor frees them; the caller vouches for their lifetime.
    public Segment* RentForeign(byte* data, int length)
    {
        Segment* segment = RentHead(SegmentKind.Foreign);
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
        if (_free is null)
        {
            Grow();
        }

        Segment* segment = _free;
        segment->Start = 0;
        segment->End = 0;
        return segment;
    }

    /// <summary>As <see cref="Offer"/>, with room for more than a pooled segment's bytes.</summary>
    public Segment* OfferLarge(int size)
    {
        if (_offeredLarge is not null)
        {
            if (_offeredLarge->Capacity >= size)
            {
                return _offeredLarge;
            }

            Segment* small = _offeredLarge;
            _offeredLarge = null;
            ReturnOther(small);
        }

        byte* block = _blocks.Rent(size, out int capacity);
        Segment* segment = RentHead(SegmentKind.Large);
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
    }

    public void Dispose()
    {
        if (_offeredLarge is not null)
        {
            ReturnOther(_offeredLarge);
            _offeredLarge = null;
        }

        while (_lastSlab is not null)
        {
            void** slab = _lastSlab;
            _lastSlab = (void**)*slab;
            NativeMemory.AlignedFree(slab);
        }

        _reservedBytes = 0;
        _free = null;
        _freeHeads = null;
        _blocks.Dispose();
    }

    private Segment* RentHead(SegmentKind kind)
    {
        if (_freeHeads is null)
        {
            GrowHeads();
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
    private void Grow()
    {
        byte* first = AllocateSlab(SegmentsPerSlab * (nuint)Segment.Stride);
        for (int i = SegmentsPerSlab - 1; i >= 0; i--)
        {
            var segment = (Segment*)(first + ((long)i * Segment.Stride));
            *segment = new Segment
            {
                Next = _free,
                Data = (byte*)segment + Segment.HeadBytes,
                Capacity = Segment.PooledCapacity,
                Kind = SegmentKind.Pooled,
            };
            _free = segment;
        }
    }

    private void GrowHeads()
    {
        byte* first = AllocateSlab(HeadsPerSlab * CacheLine);
        for (int i = HeadsPerSlab - 1; i >= 0; i--)
        {
            var segment = (Segment*)(first + ((nuint)i * CacheLine));
            segment->Next = _freeHeads;
            _freeHeads = segment;
        }
    }

    // SAFETY: a slab lives until Dispose, which the worker calls after its ring is gone: by then no send is
    // in flight and no segment is reachable.
    private byte* AllocateSlab(nuint bytes)
    {
        var slab = (byte*)NativeMemory.AlignedAlloc(CacheLine + bytes, CacheLine);
        *(void**)slab = _lastSlab;
        _lastSlab = (void**)slab;
        _reservedBytes += (long)(CacheLine + bytes);
        return slab + CacheLine;
    }
}
