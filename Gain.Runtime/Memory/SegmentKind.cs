namespace Gain.Memory;

/// <summary>Whose the bytes of a <see cref="Segment"/> are.</summary>
internal enum SegmentKind
{
    /// <summary>The pool's: they follow the head in its block.</summary>
    Pooled,

    /// <summary>A block of its own, for more than a pooled segment holds.</summary>
    Large,

    /// <summary>Somebody else's, who never changes, moves or frees them.</summary>
    Foreign,
}
