namespace Gain.Slots;

/// <summary>How a connection of a pair is relayed. <see cref="Slot"/> alone names them.</summary>
[Flags]
internal enum SpliceFlags : byte
{
    None = 0,

    /// <summary>The kernel may move what it receives to the other one.</summary>
    Allowed = 1 << 0,

    /// <summary>
    /// The kernel is to do so, as soon as nothing of what was received before is left to be sent.
    /// </summary>
    Due = 1 << 1,

    /// <summary>The kernel does.</summary>
    Spliced = 1 << 2,

    /// <summary>What is in flight as its receive is the wait for something to arrive.</summary>
    AwaitsInput = 1 << 3,

    /// <summary>What is in flight as its send is the wait for room in its socket.</summary>
    AwaitsRoom = 1 << 4,
}
