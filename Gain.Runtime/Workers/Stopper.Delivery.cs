using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// What had arrived when a stop began is delivered and answered: the bytes in the sockets, which are counted
/// then, and clients that wait in a listen queue or are parked. One turn is not enough for that: a ring hands
/// over a few completions in an enter, and receives may find no buffer.
/// </remarks>
internal sealed unsafe partial class Stopper<TProtocol, TRing>
{
    // As Listener.MaxTakenInAtStop, for datagrams, of which a socket's buffer holds fewer.
    private const int MaxDatagramsAtStop = 1 << 16;

    // What is delivered at most beyond what was counted.
    private const int MaxMoreBytes = 64 << 10;

    // What each connection's socket held when it was counted, less what was delivered since.
    private readonly SlotNumbers _arrived;
    private long _overflowsAtStop;
    private long _datagramsAtStop;

    // The connections that were open when the stop began, from the first that was not told.
    private int _toTell;
    private int _toTellEnd;

    // What the ring had taken from the sockets is dispatched by the next turn, unless it had no room for
    // completions: from then on what the sockets hold is all there is.
    private bool HasSeenAllCompletions()
    {
        bool hasSeen = _overflowsAtStop == _worker.Ring.Overflows;
        _overflowsAtStop = _worker.Ring.Overflows;
        return hasSeen;
    }

    /// <summary>Calls OnStopping for those who were connected when the stop began.</summary>
    private void TellOfStop()
    {
        while (_toTell < _toTellEnd)
        {
            int index = _toTell++;
            TellOfStop(index, ref _table[index]);
        }
    }

    private void TellOfStop(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.Stopping)
            && slot.Fd >= 0 && !slot.IsEnding && !slot.IsConnecting
            && !_worker.Layers.IsUnknown(index, ref slot))
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.Stopping(ref _handlers[index], new Connection(_writer, ref slot));
            _worker.Calling = Slot.None;
            _worker.CheckFrameEnded();
        }
    }

    /// <summary>A connection was opened while the server stops: it had waited.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void StopOpened(int index, ref Slot slot)
    {
        TellOfStop(index, ref slot);
        if (_stop == StopStage.Closing)
        {
            CountArrived(index, ref slot);
        }
    }

    /// <summary>
    /// A connection was set up while the server stops. What it has in its socket was counted when the stop
    /// began, or when it was accepted, and the batch that is dispatched may have more of it.
    /// </summary>
    internal void NoteSetUp(int index, ref Slot slot)
    {
        TellOfStop(index, ref slot);
        if (Worker<TProtocol, TRing>.HasSessions && _stop == StopStage.Closing)
        {
            _worker.Sessions!.Hasten(index);
        }
    }

    /// <summary>Counts what each connection has in its socket, and closes those that have nothing.</summary>
    private void CountArrived()
    {
        for (int i = 0; i < _table.UsedSlots; i++)
        {
            ref Slot slot = ref _table[i];
            if (slot.Fd >= 0 && !slot.IsEnding)
            {
                CountArrived(i, ref slot);
            }
        }
    }

    private void CountArrived(int index, ref Slot slot)
    {
        if (slot.IsCoupled)
        {
            // What has arrived is counted as it is delivered: by receives.
            _worker.Splices?.Leave(index, ref slot);
        }

        _arrived[index] = _worker.Receiver.CountNotDispatched(index, ref slot);
        if (Worker<TProtocol, TRing>.HasSessions)
        {
            _worker.Sessions!.Hasten(index);
        }

        CloseIfDelivered(index, ref slot);
    }

    /// <summary>Bytes were delivered, or are held until reading goes on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void NoteDelivered(int index, ref Slot slot, int bytes)
    {
        if (_stop == StopStage.Closing && (_arrived[index] -= bytes) <= 0)
        {
            // Not before the batch is dispatched, which may have more of it.
            slot.IsStopDue = true;
            _table.AddPending(ref slot);
        }
    }

    // One that reading is paused for has bytes that were read and not delivered, or its handler is busy with
    // what was: it closes when it resumes. One whose protocol is told of the stop closes by itself, or at
    // the deadline.
    internal void CloseIfDelivered(int index, ref Slot slot)
    {
        if (_stop >= StopStage.Closing
            && !_worker.Declares(index, Callbacks.Stopping)
            && IsDelivered(index, ref slot)
            && IsPartnerDelivered(index, ref slot)
            && !(Worker<TProtocol, TRing>.HasSessions && _worker.Sessions!.TryStop(index)))
        {
            _table.Close(ref slot, CloseReason.ServerStopped);
        }
    }

    private bool IsDelivered(int index, ref Slot slot) =>
        _arrived[index] <= 0 && !slot.IsReadHeld && !HasMoreArrived(index, ref slot);

    // The close of one of a pair is that of both: the one that is done last closes them.
    private bool IsPartnerDelivered(int index, ref Slot slot)
    {
        if (!slot.IsCoupled)
        {
            return true;
        }

        // One that is cut off cuts this one off: it is about to.
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        return !other.IsAborting && IsDelivered(partner, ref other);
    }

    // The count was short by what the ring had taken before and had no room to tell of. What is there is
    // delivered as well, up to a bound: it may be what the peer goes on sending.
    private bool HasMoreArrived(int index, ref Slot slot) =>
        _arrived[index] > -MaxMoreBytes
        && !slot.IsReadClosed
        && _worker.Receiver.CountNotDispatched(index, ref slot) > 0;

    /// <summary>
    /// Takes in who waits in the listen queues, and closes these: from then on clients are refused, and do
    /// not wait for a server that serves nobody anymore.
    /// </summary>
    private void TakeInWaiting()
    {
        while (_listeners.TryTakeEarly(out int early, out int fd))
        {
            _worker.Intake.TakeInAccepted(fd, early);
        }

        for (int i = 0; i < _listeners.Count; i++)
        {
            while (_listeners.TryTakeWaiting(ref _worker.Ring, i, _table.NowMs, out int fd))
            {
                _worker.Intake.TakeInAccepted(fd, i);
            }
        }
    }

    /// <summary>Ends the receives of datagrams, each when nothing waits in its socket.</summary>
    private void EndDatagramReceives()
    {
        _worker.Datagrams.Dials?.Stop(isLate: false);
        for (int i = 0; i < _listeners.Count; i++)
        {
            ref Listener listener = ref _listeners[i];
            if (listener.IsDatagram && !listener.IsEnding
                && (!_worker.Datagrams.IsReadHere(i)
                    || _worker.Counters.DatagramsIn - _datagramsAtStop >= MaxDatagramsAtStop
                    || _worker.Ring.CountUnread(listener.Fd) <= 0))
            {
                EndDatagrams(i);
            }
        }
    }

    private void EndDatagrams(int index)
    {
        ref Listener listener = ref _listeners[index];
        listener.IsEnding = true;
        if (listener.IsArmed)
        {
            _worker.Ring.PrepCancel(
                Token.Pack(Operation.Datagram, index, 0), Token.Pack(Operation.CancelIgnored, index, 0));
        }
    }

    /// <summary>The deadline has passed: what listens ends as it is.</summary>
    private void EndListening()
    {
        _worker.Datagrams.Dials?.Stop(isLate: true);
        for (int i = 0; i < _listeners.Count; i++)
        {
            if (_listeners[i].IsDatagram && !_listeners[i].IsEnding)
            {
                EndDatagrams(i);
            }
        }

        _listeners.CloseIdle(ref _worker.Ring);
    }
}
