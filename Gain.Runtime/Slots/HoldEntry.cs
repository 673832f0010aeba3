namespace Gain.Slots;

/// <summary>One answer that a connection is held for: a place of a <see cref="HoldTable"/>.</summary>
internal struct HoldEntry
{
    /// <summary>
    /// <code>
    ///  31                                        1 0
    /// +-------------------------------------------+--------+
    /// | counts the answers that the place has had | is held |
    /// +-------------------------------------------+--------+
    /// </code>
    /// The thread that changes it from held to not held releases the answer: exactly one does.
    /// </summary>
    public uint State;

    /// <summary>The next place that was released, or is free; the place's number plus one, 0 for
    /// none.</summary>
    public int Next;

    /// <summary>Whether a session holds its connection, as it is away.</summary>
    public bool IsAway;

    /// <summary>The connection.</summary>
    public int Slot;

    /// <summary>Its slot's generation.</summary>
    public uint Generation;

    /// <summary>The one that was taken before; as <see cref="Next"/>. The worker's, as what
    /// follows.</summary>
    public int Older;

    /// <summary>The one that was taken after it; as <see cref="Next"/>.</summary>
    public int Newer;

    /// <summary>When it is released though nobody has answered; milliseconds of the worker's clock.</summary>
    public long DueMs;
}
