namespace Gain.UringCopy;

/// <summary>A block on its way: a registered buffer that is read into, then written from.</summary>
internal struct Slot
{
    /// <summary>Where the block is in the file.</summary>
    public long Offset;

    /// <summary>The size of the block.</summary>
    public int Length;

    /// <summary>How much of it is read, or written.</summary>
    public int Done;

    /// <summary>Whether it is being written.</summary>
    public bool IsWriting;
}
