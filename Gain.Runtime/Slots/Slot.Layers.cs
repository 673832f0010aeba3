namespace Gain.Slots;

/// <remarks>The layer between its socket and its protocol, where there is one.</remarks>
internal partial struct Slot
{
    /// <summary>Whether a layer changes what it receives and sends.</summary>
    public readonly bool IsLayered => Has(SlotFlags.Layered);

    /// <summary>Whether the layer sets it up, so that its handler does not know of it yet.</summary>
    public readonly bool IsStarting => Has(SlotFlags.Starting);

    /// <summary>A layer begins to set the connection up.</summary>
    public void BeginLayer() => _flags |= SlotFlags.Layered | SlotFlags.Starting;

    /// <summary>The layer has set the connection up.</summary>
    public void EndStart() => _flags &= ~SlotFlags.Starting;

    /// <summary>What was received waits for the next turn.</summary>
    public void Defer() => _flags |= SlotFlags.ResumePending;
}
