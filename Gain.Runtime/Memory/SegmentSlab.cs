using System.Runtime.InteropServices;

namespace Gain.Memory;

/// <summary>
/// The head of a slab of segments. A slab is 1 MiB at a multiple of 1 MiB, so that a segment's address tells
/// its slab.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SegmentSlab
{
    public const nuint Bytes = 1 << 20;

    // SAFETY: another slab of the same owner, mapped as long as this one is in its list.
    public SegmentSlab* Next;

    /// <summary>How many of its segments are free; counted anew by each look for free slabs.</summary>
    public int FreeSegments;

    /// <summary>It is to be released.</summary>
    public bool IsLeaving;

    public static SegmentSlab* Of(Segment* segment) => (SegmentSlab*)((nuint)segment & ~(Bytes - 1));
}
