using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// Connections that are kept. One that is given back has ended for its handler: its slot lingers, and is
/// received from, until somebody rents it. Then its receive is cancelled, and when nothing of it is in flight
/// and nothing has come, its socket goes to the slot of who has rented it, which is another one: handles of
/// the connection before name nothing.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    /// <summary>What is kept; null where nothing is.</summary>
    internal IdlePool? Pool { get; }

    public override string? WhyNotReturned(int index, ref Slot slot)
    {
        if (Pool is null || !Pool.IsKeepable(index) || slot.IsConnecting)
        {
            return "it was not dialled with DialOptions.Pool, or is not up";
        }

        if (!slot.IsWritable || slot.IsReadClosed || slot.IsCloseDue)
        {
            return "it is ending, or one of its sides has ended";
        }

        if (slot.Outbound.Bytes != 0)
        {
            return "what was written to it is not sent yet";
        }

        return slot.IsHeld ? "an answer is due on it"
            : slot.IsCoupled ? "it is coupled with another"
            : slot.IsLayered ? "it has TLS, whose sessions are not kept"
            : null;
    }

    /// <summary>Whether a connection that was given back is kept, or closed.</summary>
    internal bool MayKeep(int index, ref Slot slot) =>
        Pool is not null
        && slot.Reason == CloseReason.Returned
        && Pool.IsKeepable(index)
        && slot.Inbound.Length == 0
        && !slot.IsReadClosed
        && !slot.IsWriteBroken
        && !_worker.Stopper.HasBegun;

    /// <summary>Keeps a connection that was given back. OnClose has been called.</summary>
    internal void Keep(int index, ref Slot slot)
    {
        slot.BeginLingering();
        long idleMs = Pool!.IdleMsOf(index);
        _worker.Deadlines.ArmRead(index, ref slot, idleMs, idleMs);
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        int victim = Pool.Add(index);
        if (victim != Slot.None)
        {
            _worker.Closer.EndLinger(victim, ref _table[victim]);
        }
    }

    /// <summary>
    /// Bytes came that nobody reads. Of a connection that was given back they would be the beginning of what
    /// the next one receives: it is closed.
    /// </summary>
    internal void NoteUnread(int index, ref Slot slot)
    {
        if (Pool is null || slot.Reason != CloseReason.Returned)
        {
            return;
        }

        if (slot.HasClosed)
        {
            Pool.Spoil(index);
            _table.AddPending(ref slot);
        }
        else
        {
            _table.Abort(ref slot, CloseReason.Returned);
        }
    }

    /// <summary>Whether a slot lingers with a connection of no use.</summary>
    internal bool IsSpoiled(int index) => Pool is not null && !Pool.IsClean(index);

    // Looks for a socket for a dial, or has it connect.
    private void Seek(int index, ref Slot slot, ref Dialled dialled)
    {
        int source = Pool!.Take(slot.Address, in dialled.Target, index);
        if (source == Slot.None)
        {
            dialled.Rent = RentStage.None;
            OpenLate(ref slot, ref dialled);
            return;
        }

        dialled.Rent = RentStage.Taking;
        dialled.Source = source;
        if (!_table[source].IsReceiving)
        {
            // It waits for a buffer: nobody knows what its peer has done.
            Pool.Spoil(source);
        }

        _worker.Closer.EndLinger(source, ref _table[source]);
    }

    /// <summary>A slot is about to be free: its socket may go to a dial.</summary>
    /// <returns>Whether it does; otherwise it is to be closed.</returns>
    internal bool TryMove(int index, ref Slot slot)
    {
        int taker = Pool!.TakerOf(index);
        bool isClean = Pool.IsClean(index);
        Pool.Forget(index);
        if (taker == Slot.None)
        {
            return false;
        }

        // The receive has said what the peer has done until now. What came behind its end lies in the socket.
        bool isMoved = isClean
            && !slot.IsReadClosed
            && !slot.IsPeerReset
            && !_worker.Stopper.HasBegun
            && _worker.Ring.CountUnread(slot.Fd) <= 0;
        ref Slot other = ref _table[taker];
        _dialled[taker].Rent = isMoved ? RentStage.Taken : RentStage.Seeking;
        other.Fd = isMoved ? slot.Fd : other.Fd;
        _table.AddPending(ref other);
        return isMoved;
    }

    // The dial is over: what it was to get is closed.
    private void DropSource(ref Dialled dialled)
    {
        if (dialled.Rent == RentStage.Taking)
        {
            Pool!.DropTaker(dialled.Source);
        }
    }

    private void StopIdle()
    {
        for (int i = 0; Pool is not null && i < _table.UsedSlots; i++)
        {
            if (Pool.IsIdle(i))
            {
                _worker.Closer.EndLinger(i, ref _table[i]);
            }
        }
    }
}
