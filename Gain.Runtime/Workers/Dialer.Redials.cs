using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// Connections that are dialled again. One that waits is a dial that has not begun: what is written to it
/// waits, closing it gives it up, and a stop does, too.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    // What each began with, by slot; empty where nothing is dialled again.
    private readonly TProtocol[] _originals;

    /// <summary>What is dialled again; null where nothing is.</summary>
    internal Redials? Redials { get; }

    public override TimeSpan? RedialIn(int index) => Redials?.DelayOf(index);

    public override void EndRedial(int index) => Redials?.EndByProgram(index);

    // What the program ends, or ends its side of, is over; so is what a stop ends, and what the end of its
    // partner ends.
    private bool IsOver(ref Slot slot, CloseReason reason) =>
        reason is CloseReason.Local or CloseReason.Aborted or CloseReason.ServerStopped or CloseReason.Coupled
            or CloseReason.Returned
        || slot.IsCoupled
        || slot.IsHalfClosed
        || _worker.Stopper.HasBegun;

    /// <summary>A connection that was up has ended: OnClose is called next.</summary>
    internal void NoteClosed(int index, ref Slot slot) =>
        Redials?.NoteEnded(index, IsOver(ref slot, slot.Reason), _table.NowMs);

    /// <summary>A slot is free: what was in it may be dialled again, after its delay.</summary>
    /// <returns>Whether it is: then the slot is taken, and counts as before.</returns>
    internal bool TryAgain(int index)
    {
        if (Redials is null)
        {
            return false;
        }

        if (!Redials.TryTakeDelay(index, out Redial redial) || _isClosed || _worker.Stopper.HasBegun)
        {
            Redials.End(index);
            _originals[index] = default;
            return false;
        }

        // The list of free slots gives the last one first.
        int same = _table.Allocate(Slot.NoSocket, redial.Address);
        if (same != index)
        {
            throw new InvalidOperationException(
                $"Slot {index} was free, and slot {same} was taken in its place.");
        }

        ref Slot slot = ref _table[index];
        _handlers[index] = _originals[index];
        _dialled[index] = new Dialled { Target = redial.Target, IsWaiting = true };
        Pool?.Begin(index, redial.Address, in redial.Target);
        slot.Begin(index, SlotOperation.Connect);
        _worker.Deadlines.ArmRead(index, ref slot, redial.DelayMs, redial.DelayMs);
        if (redial.IsOver)
        {
            _table.Close(ref slot, CloseReason.Local);
        }

        return true;
    }

    private void EndWait(ref Slot slot, ref Dialled dialled)
    {
        dialled.IsWaiting = false;
        OpenLate(ref slot, ref dialled);
    }

    // A socket for a dial that has begun without.
    private void OpenLate(ref Slot slot, ref Dialled dialled)
    {
        if (dialled.Target.Name is null)
        {
            int fd = OpenSocket(SettingOf(ref slot), in dialled.Target);
            slot.Fd = fd >= 0 ? fd : Slot.NoSocket;
            dialled.Errno = fd < 0 ? -fd : 0;
        }

        _table.AddPending(ref slot);
    }

    /// <summary>The server stops: nothing is waited for.</summary>
    internal void StopWaiting()
    {
        StopIdle();
        for (int i = 0; Redials is not null && i < _table.UsedSlots; i++)
        {
            if (_dialled[i].IsWaiting)
            {
                _table.Close(ref _table[i], CloseReason.ServerStopped);
            }
        }
    }
}
