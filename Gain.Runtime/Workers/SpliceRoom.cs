using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// Pairs of connections of which the kernel moves the bytes, as the other rooms see them: the room is made
/// when the first pair may be spliced.
/// </summary>
internal abstract class SpliceRoom
{
    /// <summary>The pipes that hold bytes.</summary>
    public abstract int PipesInUse { get; }

    /// <summary>Bytes of a connection were copied to the other one, which may take more.</summary>
    public abstract void NoteCopied(int index, ref Slot slot, int bytes);

    /// <summary>A connection is not received from, and all that it held was forwarded.</summary>
    /// <returns>Whether it is spliced, or about to be: its receive is not armed.</returns>
    public abstract bool TryGoOn(int index, ref Slot slot);

    /// <summary>
    /// A connection may be sent to again: what a pipe has for it goes first, and what was to be spliced to it
    /// may be.
    /// </summary>
    public abstract void GoOnInto(int index, ref Slot slot);

    /// <summary>One of the two waits of a connection has ended.</summary>
    public abstract void Handle(CompletionEntry completion);

    /// <summary>A connection of a pair is ending, or one side of it: what concerns it is copied.</summary>
    public abstract void LeaveEnding(int index, ref Slot slot);

    /// <summary>
    /// A direction is copied from now on: what its pipe holds is what the other one has to send. Its receive
    /// is armed when that one has room.
    /// </summary>
    public abstract void Leave(int index, ref Slot slot);

    /// <summary>A connection of a pair has ended: before the pair is parted.</summary>
    public abstract void End(int index, ref Slot slot);

    /// <summary>Releases everything: the worker ends.</summary>
    public abstract void Close();
}
