namespace Gain.Slots;

/// <remarks>What it receives is sent to another connection, and that one's to it.</remarks>
internal partial struct Slot
{
    /// <summary>Whether it is coupled with another.</summary>
    public readonly bool IsCoupled => Has(SlotFlags.Coupled);

    /// <summary>
    /// It is coupled from now on: what it holds is the other's, and its peer's FIN is to be passed on, also
    /// one that the protocol was told of.
    /// </summary>
    public void Couple()
    {
        _flags &= ~(SlotFlags.Paused | SlotFlags.ReadClosedHandled);
        _flags |= SlotFlags.Coupled | SlotFlags.ResumePending;
    }

    /// <summary>It is no longer coupled.</summary>
    public void Uncouple() => _flags &= ~SlotFlags.Coupled;

    /// <summary>The other one can take more, and nothing is held for it: reading goes on.</summary>
    public void EndCoupledPause() => _flags = (_flags & ~SlotFlags.Congested) | SlotFlags.ResumePending;
}
