using Gain.Slots;
using Gain.Sockets;

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
            Drop(victim, PoolEnd.Limit);
        }

        LeaveRoom();
    }

    private void NoteBegun(int index, ref Slot slot, in RemoteEnd target, bool isMiss)
    {
        if (Pool is null)
        {
            return;
        }

        Pool.Begin(index, slot.Address, in target);
        Pool.Counters.Misses += isMiss ? 1 : 0;
        if (_dialled[index].Rent == RentStage.None)
        {
            // Otherwise it takes the place of what it gets.
            LeaveRoom();
        }
    }

    // Its linger ends when it is settled: this may be a callback.
    private void Drop(int index, PoolEnd end)
    {
        Pool!.Spoil(index, end);
        _table.AddPending(ref _table[index]);
    }

    /// <summary>
    /// A connection took a place, or one is kept: if it was the last place, what is idle for longest gives
    /// way, so that the next one finds a place.
    /// </summary>
    internal void LeaveRoom()
    {
        if (Pool is not null && !_worker.Intake.HasRoom)
        {
            GiveWay(1);
        }
    }

    /// <summary>Closes what is idle, the oldest first, until so many places are about to be free.</summary>
    /// <returns>How many are.</returns>
    internal int GiveWay(int wanted)
    {
        if (Pool is null)
        {
            return 0;
        }

        while (Pool.Leaving < wanted && Pool.FindOldest() is var oldest and not Slot.None)
        {
            Drop(oldest, PoolEnd.Room);
        }

        return Pool.Leaving;
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
            Drop(index, PoolEnd.Peer);
        }
        else
        {
            _table.Abort(ref slot, CloseReason.Returned);
        }
    }

    /// <summary>Whether a slot lingers with a connection of no use.</summary>
    internal bool IsSpoiled(int index) => Pool is not null && Pool.EndOf(index) != PoolEnd.None;

    // Looks for a socket for a dial, or has it connect.
    private void Seek(int index, ref Slot slot, ref Dialled dialled)
    {
        int source = Pool!.Take(slot.Address, in dialled.Target, index);
        if (source == Slot.None)
        {
            dialled.Rent = RentStage.None;
            Pool.Counters.Misses++;
            LeaveRoom();
            OpenLate(ref slot, ref dialled);
            return;
        }

        dialled.Rent = RentStage.Taking;
        dialled.Source = source;
        if (!_table[source].IsReceiving)
        {
            // It waits for a buffer: nobody knows what its peer has done.
            Pool.Spoil(source, PoolEnd.Peer);
        }

        _worker.Closer.EndLinger(source, ref _table[source]);
    }

    /// <summary>A slot is about to be free: its socket may go to a dial.</summary>
    /// <returns>Whether it does; otherwise it is to be closed.</returns>
    internal bool TryMove(int index, ref Slot slot)
    {
        int taker = Pool!.TakerOf(index);
        bool wasKept = Pool.WasKept(index);
        PoolEnd end = Pool.EndOf(index);
        Pool.Forget(index);
        if (!wasKept)
        {
            return false;
        }

        // The receive has said what the peer has done until now. What came behind its end lies in the socket.
        bool isStopping = _worker.Stopper.HasBegun;
        if (end == PoolEnd.None && !isStopping
            && (slot.IsReadClosed || slot.IsPeerReset
                || (taker != Slot.None && _worker.Ring.CountUnread(slot.Fd) > 0)))
        {
            end = PoolEnd.Peer;
        }

        bool isMoved = taker != Slot.None && end == PoolEnd.None && !isStopping;
        Pool.Counters.Hits += isMoved ? 1 : 0;
        if (!isMoved && !isStopping)
        {
            Pool.Counters.CountClosed(end);
        }

        return taker != Slot.None && Move(ref slot, taker, isMoved);
    }

    private bool Move(ref Slot slot, int taker, bool isMoved)
    {
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
