namespace Gain.Slots;

/// <summary>The link of the pending list and of the free list: a slot is in one of them at most.</summary>
internal readonly struct PendingLink : ISlotLink
{
    public static ref int NextOf(ref Slot slot) => ref slot.NextPending;
}
