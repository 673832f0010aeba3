namespace Gain.Slots;

/// <remarks>The end of one side: ours, while the peer may go on.</remarks>
internal partial struct Slot
{
    /// <summary>
    /// Whether the handler has ended its side: FIN follows what was written, or is sent. Not where a send has
    /// failed since.
    /// </summary>
    public readonly bool IsHalfClosed => HasMark(HalfClosed);

    /// <summary>Whether the handler's side may be ended: it is open, and no close is due.</summary>
    public readonly bool MayEndWrite => !Has(SlotFlags.Unwritable | SlotFlags.CloseDue);

    /// <summary>
    /// Whether our FIN was sent: nothing may be sent anymore. It is the mark of a probed send where there is
    /// no send: that one is taken off with the send, and no other follows.
    /// </summary>
    public readonly bool IsFinSent => IsHalfClosed && !IsSending && IsSendProbed;

    /// <summary>
    /// Whether our FIN is to be sent now: all that was written is out, a layer has nothing to add, and it was
    /// not sent before.
    /// </summary>
    public readonly bool IsFinDue => IsHalfClosed
        && !Has(SlotFlags.Ending | SlotFlags.Sending | SlotFlags.Starting)
        && !IsSendProbed
        && Outbound.Bytes == 0;

    /// <summary>Whether its layer is to say that nothing follows; it may be asked again.</summary>
    public readonly bool IsLayerEndDue => IsHalfClosed && !IsStarting;

    /// <summary>The handler has ended its side.</summary>
    public void BeginHalfClose()
    {
        _flags |= SlotFlags.WriteEnded;
        SetMark(HalfClosed, true);
    }

    /// <summary>Our FIN is sent, which is so once.</summary>
    public void NoteFinSent() => IsSendProbed = true;
}
