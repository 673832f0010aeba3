namespace Gain.Slots;

/// <summary>How the table reaches the room of pairs, which knows the protocol and the ring.</summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal abstract class CouplingDoor
{
    /// <summary>
    /// Makes what moves the bytes of pairs by the kernel, if it is not there. Native compilation leaves it
    /// out of a program that couples nothing, as this is the only way to it.
    /// </summary>
    /// <returns>Whether there may be any.</returns>
    public abstract bool AllowSplices();
}
