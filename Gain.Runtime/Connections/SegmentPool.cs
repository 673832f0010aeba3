using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// A worker's outbound memory: segments cut from native slabs, handed out last-in first-out.
/// </summary>
internal sealed unsafe class SegmentPool : IDisposable
{
    private const int SegmentsPerSlab = 64;
    private const nuint CacheLine = 64;

    // Each slab begins with a cache line that holds the address of the slab before it.
    private void** _lastSlab;
    private int _slabCount;
    private Segment* _free;

    /// <summary>Segments handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Native memory held, in bytes.</summary>
    public long ReservedBytes => (long)_slabCount * SegmentsPerSlab * Segment.Stride;

    /// <summary>Takes an empty segment. The caller owns it until <see cref="Return"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Segment* Rent()
    {
        if (_free is null)
        {
            Grow();
        }

        Segment* segment = _free;
        _free = segment->Next;
        segment->Next = null;
        segment->Start = 0;
        segment->End = 0;
        InUse++;
        return segment;
    }

    /// <summary>Takes a segment back. No send that covers it may be in flight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(Segment* segment)
    {
        segment->Next = _free;
        _free = segment;
        InUse--;
    }

    public void Dispose()
    {
        while (_lastSlab is not null)
        {
            void** slab = _lastSlab;
            _lastSlab = (void**)*slab;
            NativeMemory.AlignedFree(slab);
        }

        _slabCount = 0;
        _free = null;
    }

    // SAFETY: a slab lives until Dispose, which the worker calls after its ring is gone: by then no send is
    // in flight and no segment is reachable.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        nuint bytes = CacheLine + ((nuint)SegmentsPerSlab * Segment.Stride);
        var slab = (byte*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        *(void**)slab = _lastSlab;
        _lastSlab = (void**)slab;
        _slabCount++;
        for (int i = SegmentsPerSlab - 1; i >= 0; i--)
        {
            var segment = (Segment*)(slab + CacheLine + ((long)i * Segment.Stride));
            segment->Next = _free;
            _free = segment;
        }
    }
}
