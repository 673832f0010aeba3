namespace Gain.Slots;

/// <remarks>The layer between its socket and its protocol, where there is one.</remarks>
internal partial struct Slot
{
    /// <summary>Whether a layer changes what it receives and sends.</summary>
    public readonly bool IsLayered => Has(SlotFlags.Layered);

    /// <summary>Whether the layer sets it up.</summary>
    public readonly bool IsStarting => Has(SlotFlags.Starting);

    /// <summary>Whether the layer may go on to set it up: nothing keeps it from being read.</summary>
    public readonly bool MaySetUp => !Has(SlotFlags.Undeliverable & ~SlotFlags.Coupled);

    /// <summary>A layer begins to set the connection up.</summary>
    public void BeginLayer() => _flags |= SlotFlags.Layered | SlotFlags.Starting;

    /// <summary>A layer comes under a connection that is up, in its next settling.</summary>
    public void BeginUpgrade()
    {
        BeginLayer();
        _flags |= SlotFlags.ResumePending;
        if (IsCongested && !IsCoupled)
        {
            // What is written from now on waits for the set-up, which has to be read: the output cannot
            // drain before it. The handler is told when it has.
            PutCongestionOff();
            Overflow();
        }
    }

    /// <summary>What was written before the layer began does not keep the set-up from being read.</summary>
    public void PutCongestionOff() => _flags &= ~SlotFlags.Congested;

    /// <summary>The layer has set the connection up.</summary>
    public void EndStart() => _flags &= ~SlotFlags.Starting;

    /// <summary>There is no layer anymore, and never was one that the handler has seen.</summary>
    public void EndLayer() => _flags &= ~(SlotFlags.Layered | SlotFlags.Starting);

    /// <summary>What was received waits for the next turn.</summary>
    public void Defer() => _flags |= SlotFlags.ResumePending;
}
