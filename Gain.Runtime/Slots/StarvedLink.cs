namespace Gain.Slots;

/// <summary>The link of the list of receives that wait for a buffer.</summary>
internal readonly struct StarvedLink : ISlotLink
{
    public static ref int NextOf(ref Slot slot) => ref slot.NextStarved;
}
