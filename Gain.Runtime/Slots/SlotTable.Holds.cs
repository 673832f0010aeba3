namespace Gain.Slots;

/// <summary>Answers that are due.</summary>
internal sealed partial class SlotTable
{
    // A bit of the count: our side is to be ended with the last of them.
    private const int WriteEndDue = 1 << 30;

    private readonly SlotNumbers _holdCounts;

    /// <summary>The answers that are due.</summary>
    public HoldTable Holds { get; }

    /// <summary>How long an answer may be due, in milliseconds; 0 for any time.</summary>
    public long HoldMs { get; init; }

    /// <summary>Holds a connection for an answer.</summary>
    /// <returns>False when as many answers are due as may be.</returns>
    public bool TryHold(ref Slot slot, out int place, out uint ticket)
    {
        place = -1;
        ticket = 0;
        return Holds.Count - Holds.CountAway < Holds.Capacity - Holds.Reserve
            && TryHold(ref slot, isAway: false, out place, out ticket);
    }

    /// <summary>
    /// Holds a connection for its session, which awaits something else. Each connection has a place for that.
    /// </summary>
    /// <returns>False where parts of sessions that nobody awaits have taken the places of others.</returns>
    public bool TryHoldAway(ref Slot slot, out int place, out uint ticket) =>
        TryHold(ref slot, isAway: true, out place, out ticket);

    private bool TryHold(ref Slot slot, bool isAway, out int place, out uint ticket)
    {
        int index = IndexOf(ref slot);
        long dueMs = HoldMs == 0 ? long.MaxValue : NowMs + HoldMs;
        if (!Holds.TryTake(index, slot.Generation, dueMs, out place, out ticket, isAway))
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
        if (slot.Generation != generation || slot.Fd < 0 || (--_holdCounts[index] & ~WriteEndDue) != 0)
        {
            return;
        }

        // What waited for it is seen to at the end of the turn.
        slot.IsHeld = false;
        AddPending(ref slot);
        if (_holdCounts[index] == WriteEndDue)
        {
            _holdCounts[index] = 0;
            EndWrite(ref slot, CloseReason.Local);
        }
    }

    private void DeferWriteEnd(int index) => _holdCounts[index] |= WriteEndDue;
}
