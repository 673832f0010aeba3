using Gain.Mail;

namespace Gain.Slots;

/// <summary>Answers that are due, and writes by handles on the worker's own thread.</summary>
internal sealed partial class ConnectionTable
{
    [ThreadStatic]
    private static ConnectionTable? s_current;

    private readonly SlotNumbers _holdCounts;

    // The mailbox's end when this thread posted last: what it asks of a handle is done in order.
    private uint _ownMailEnd;

    /// <summary>The table of the worker whose thread calls; null on any other.</summary>
    public static ConnectionTable? Current => s_current;

    /// <summary>The answers that are due.</summary>
    public HoldTable Holds { get; }

    /// <summary>How long an answer may be due, in milliseconds; 0 for any time.</summary>
    public long HoldMs { get; init; }

    /// <summary>Says that the calling thread is the worker's.</summary>
    public void EnterThread() => s_current = this;

    /// <summary>Holds a connection for an answer.</summary>
    /// <returns>False when as many answers are due as may be.</returns>
    public bool TryHold(ref Slot slot, out int place, out uint ticket)
    {
        int index = IndexOf(ref slot);
        long dueMs = HoldMs == 0 ? long.MaxValue : NowMs + HoldMs;
        if (!Holds.TryTake(index, slot.Generation, dueMs, out place, out ticket))
        {
            return false;
        }

        slot.IsHeld = true;
        _holdCounts[index]++;
        return true;
    }

    /// <summary>An answer is no longer due, of a connection that may be gone.</summary>
    public void Unhold(int index, uint generation)
    {
        ref Slot slot = ref this[index];
        if (slot.Generation != generation || slot.Fd < 0 || --_holdCounts[index] != 0)
        {
            return;
        }

        // What waited for it is seen to at the end of the turn.
        slot.IsHeld = false;
        AddPending(ref slot);
    }

    /// <summary>
    /// Writes to a connection by its handle, on the worker's own thread: in order with what the callback
    /// writes itself. Not when the thread has posted something that is not read yet, with which it is in
    /// order, too.
    /// </summary>
    /// <returns>
    /// Whether it was done; if not, for want of room too, it goes by the mailbox, where it is refused in the
    /// end.
    /// </returns>
    public bool TryWriteHere(Mailbox mailbox, int index, uint generation, ReadOnlySpan<byte> data)
    {
        if (!ReferenceEquals(mailbox, Mailbox) || mailbox.IsBefore(_ownMailEnd))
        {
            return false;
        }

        // A write that is refused goes by the mailbox, and what follows it does as well.
        bool isThere = (uint)index < (uint)UsedSlots
            && this[index].Generation == generation
            && this[index].Fd >= 0;
        return isThere && TryWrite(ref this[index], data);
    }

    /// <summary>Notes that the worker's own thread has posted something.</summary>
    public void NoteOwnPost(Mailbox mailbox)
    {
        if (ReferenceEquals(mailbox, Mailbox))
        {
            _ownMailEnd = mailbox.End;
        }
    }
}
