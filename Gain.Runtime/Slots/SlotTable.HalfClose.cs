namespace Gain.Slots;

/// <remarks>The end of one side of a connection.</remarks>
internal sealed partial class SlotTable
{
    /// <summary>Ends the side that writes, when what was written is sent.</summary>
    /// <param name="slot">The connection.</param>
    /// <param name="reason">Why it closes if the peer has ended the other side.</param>
    public void EndWrite(ref Slot slot, CloseReason reason)
    {
        if (!slot.MayEndWrite)
        {
            return;
        }

        if (slot.IsReadClosedHandled)
        {
            // Both sides: there is nothing left to happen.
            Close(ref slot, reason);
            return;
        }

        // As a close, it waits for an answer that is due, which can be written until then.
        if (slot.IsHeld)
        {
            DeferWriteEnd(IndexOf(ref slot));
        }
        else
        {
            slot.BeginHalfClose();
        }

        AddPending(ref slot);
    }
}
