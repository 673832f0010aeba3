namespace Gain.Slots;

/// <summary>Where in a slot the next one of a list is named.</summary>
internal interface ISlotLink
{
    /// <summary>The index of the next slot; <see cref="Slot.None"/> at the end.</summary>
    static abstract ref int NextOf(ref Slot slot);
}
