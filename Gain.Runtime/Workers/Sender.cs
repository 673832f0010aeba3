using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;
using Gain.Writing;

namespace Gain.Workers;

internal sealed unsafe class Sender<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;

    internal Sender(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
    }

    /// <summary>
    /// Does what a connection needs before the worker waits: starts its send, pauses its receive, or goes
    /// on with its end.
    /// </summary>
    /// <param name="index">The connection's slot.</param>
    /// <param name="alone">Whether no other has something to send, so that a direct send pays.</param>
    internal void Settle(int index, bool alone)
    {
        ref Slot slot = ref _table[index];
        slot.IsPending = false;
        if (slot.SettlesApart)
        {
            _worker.Closer.SettleEnding(index, ref slot);
            return;
        }

        bool hasToSend = slot.IsLayered ? _worker.Layers.Seal(index, ref slot) : slot.Outbound.Bytes != 0;

        // While a cancellation is in flight, it is not known which send it hits: it is waited for.
        if (hasToSend
            && slot.MaySend
            && !(alone && TrySendNow(index, ref slot)))
        {
            ArmSend(index, ref slot);
        }

        // A send that failed just now may have made it an abort, which the next turn carries out.
        if (slot.HasMoreToSettle && !slot.IsAborting)
        {
            SettleBackPressure(index, ref slot);
        }
    }

    // SAFETY: the segments from the first unsent byte to the end they have now are the kernel's until the
    // send's completion; the queue only appends behind them, and is cleared only when nothing is in flight.
    private void ArmSend(int index, ref Slot slot)
    {
        slot.Begin(index, SlotOperation.Send);
        _worker.Deadlines.NoteSend(index, ref slot);
        ulong token = Token.Pack(Operation.Send, index, slot.Generation);
        ref OutboundQueue queue = ref SentOf(index, ref slot);
        if (queue.IsSinglePiece)
        {
            _worker.Ring.PrepSend(slot.Fd, queue.First, queue.FirstLength, token);
        }
        else
        {
            ArmSendGather(slot.Fd, ref queue, token);
        }
    }

    // What is sent: what was written, or what a layer has made of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref OutboundQueue SentOf(int index, ref Slot slot) =>
        ref slot.IsLayered ? ref _worker.Layers.SealedOf(index) : ref slot.Outbound;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ArmSendGather(int fd, ref OutboundQueue queue, ulong token)
    {
        Span<iovec> pieces = stackalloc iovec[IRing.MaxPieces];
        int count = queue.Gather(pieces);
        _worker.Ring.PrepSendGather(fd, pieces[..count], token);
    }

    /// <summary>Handles the end of the connection's send.</summary>
    /// <param name="completion">The completion of a connection's send.</param>
    public void HandleSend(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
            return;
        }

        bool wasProbed = slot.IsSendProbed;
        slot.IsSendProbed = false;
        slot.End(index, SlotOperation.Send);
        if (completion.Result > 0)
        {
            FinishSend(index, ref slot, completion.Result);
        }
        else
        {
            HandleSendError(index, ref slot, -completion.Result, wasProbed);
        }
    }

    /// <summary>Sends with send(2) instead of the ring.</summary>
    /// <returns>Whether nothing is left to arm.</returns>
    private bool TrySendNow(int index, ref Slot slot)
    {
        ref OutboundQueue queue = ref SentOf(index, ref slot);
        if (!queue.IsSinglePiece)
        {
            return false;
        }

        int length = queue.FirstLength;
        int sent = _worker.Ring.SendNow(slot.Fd, queue.First, length);
        if (sent > 0)
        {
            FinishSend(index, ref slot, sent);
            return sent == length;
        }

        if (sent is -Errno.EAGAIN or -Errno.EINTR)
        {
            return false;
        }

        HandleSendError(index, ref slot, -sent, wasProbed: false);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishSend(int index, ref Slot slot, int sent)
    {
        if (slot.IsLayered)
        {
            _worker.Layers.Consume(index, ref slot, sent);
        }
        else
        {
            slot.Outbound.Consume(_table.Segments, sent);
        }

        TellSent(index, ref slot, sent);
        if (slot.IsUnderPressure)
        {
            FinishSendUnderPressure(index, ref slot);
        }
        else if (slot.Outbound.Bytes != 0)
        {
            _table.AddPending(ref slot);
        }
    }

    /// <summary>Bytes of a connection went out: they are counted, and its handler is told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void TellSent(int index, ref Slot slot, int sent)
    {
        _worker.Counters.BytesOut += sent;
        if (_worker.Declares(index, Callbacks.Write)
            && !slot.IsSendUntold)
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.Write(ref _handlers[index], new Connection(_writer, ref slot), sent);
            _worker.Calling = Slot.None;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FinishSendUnderPressure(int index, ref Slot slot)
    {
        if (slot.HasEnded)
        {
            _worker.Closer.TryFree(index);
            return;
        }

        // Before the callbacks below, so that a fault in one of them does not lose the rest.
        _table.AddPending(ref slot);
        if (slot.IsCoupled)
        {
            _worker.Couplings.NoteSent(index, ref slot);
        }

        if (!HasDrained(ref slot))
        {
            return;
        }

        if (slot.IsCongested && !slot.IsCoupled)
        {
            Resume(index, ref slot);
        }
        else if (slot.IsOverflowed)
        {
            // Reading went on; but a handler whose write was refused waits for this.
            slot.EndOverflow();
            CallDrained(index, ref slot);
        }
    }

    private bool HasDrained(ref Slot slot) =>
        slot.Outbound.Bytes <= (slot.MustDrainFully ? 0 : _writer.Limits.LowWatermark);

    private void CallDrained(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.Drained) && slot.IsWritable)
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.Drained(ref _handlers[index], new Connection(_writer, ref slot));
            _worker.Calling = Slot.None;
        }
    }

    /// <summary>Counts the time that reading was paused, if it was.</summary>
    internal void CountPause(ref Slot slot)
    {
        if (slot.IsCongested && !slot.IsSpliced)
        {
            _worker.Counters.PausedMs += (uint)_table.NowMs - slot.ReadMs;
            slot.ReadMs = (uint)_table.NowMs;
        }
    }

    /// <summary>
    /// Outbound bytes fell to the low watermark: reading goes on, first with what was held.
    /// </summary>
    private void Resume(int index, ref Slot slot)
    {
        CountPause(ref slot);
        slot.EndCongestion();
        CallDrained(index, ref slot);
        ReadOn(index, ref slot);
    }

    // Nothing of ours keeps the connection from reading anymore, unless a callback does so anew.
    private void ReadOn(int index, ref Slot slot)
    {
        if (slot.IsResumePending)
        {
            // The time in which nothing was read is not the peer's.
            slot.EndResume();
            slot.ReadMs = (uint)_table.NowMs;
        }

        if (slot.IsStarting)
        {
            _worker.Layers.GoOn(index, ref slot);
        }
        else if (slot.IsCoupled)
        {
            _worker.Couplings.ForwardHeld(index, ref slot);
        }
        else if (slot.Inbound.Length != 0 && slot.IsDeliverable)
        {
            _worker.Receiver.DeliverHeld(index, ref slot);
        }

        _worker.Receiver.HandleReadClosedIfDue(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.CloseIfDelivered(index, ref slot);
        }

        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleBackPressure(int index, ref Slot slot)
    {
        _worker.Answers.SettleReleased(ref slot);
        if (slot.IsAborting)
        {
            return;
        }

        if (slot.IsStopDue)
        {
            slot.IsStopDue = false;
            _worker.Stopper.CloseIfDelivered(index, ref slot);
        }

        if (slot.IsCoupled)
        {
            _worker.Couplings.Settle(index, ref slot);
        }
        else if (slot.IsCongested)
        {
            if (HasDrained(ref slot))
            {
                // What congested it went out at once.
                _table.AddPending(ref slot);
                Resume(index, ref slot);
                return;
            }
        }

        if (slot.IsReadPaused && !slot.IsSpliced)
        {
            // A multishot receive cannot pause: it is cancelled, and what it still brings is held.
            _worker.Closer.ArmCancel(index, ref slot, Operation.CancelReceive);
            _worker.Closer.ArmHangUp(index, ref slot);
        }
        else if (slot.IsResumePending)
        {
            // What the callbacks write is settled in the next turn.
            _table.AddPending(ref slot);
            ReadOn(index, ref slot);
            return;
        }

        SettleEnd(index, ref slot);
    }

    private void SettleEnd(int index, ref Slot slot)
    {
        if (slot.IsLayered && slot.Outbound.Bytes == 0 && _worker.Layers.Seal(index, ref slot))
        {
            // A callback has ended it, or its side, since what it sends was made: the layer's end goes first.
            _table.AddPending(ref slot);
            return;
        }

        if (slot.IsDraining
            && slot.Outbound.Bytes == 0
            && !slot.IsSendingOrStarved)
        {
            _worker.Closer.EndConnection(index, ref slot, isAbort: false);
        }
        else if (slot.IsFinDue)
        {
            _worker.Closer.SendFin(index, ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void HandleSendError(int index, ref Slot slot, int error, bool wasProbed)
    {
        if (slot.HasEnded)
        {
            _worker.Closer.TryFree(index);
            return;
        }

        switch (error)
        {
            case Errno.ECANCELED when wasProbed && !slot.IsAborting:
                EndProbe(index, ref slot);
                return;

            case Errno.EINTR:
            case Errno.EAGAIN:
            case Errno.ECANCELED:
                _table.AddPending(ref slot);
                return;

            case Errno.EPIPE:
            case Errno.ECONNRESET:
            case Errno.ETIMEDOUT:
            case Errno.ECONNABORTED:
            case Errno.ENOTCONN:
            case Errno.EHOSTUNREACH:
            case Errno.ENETUNREACH:
                BreakWrite(index, ref slot);
                return;

            default:
                _worker.Closer.CountSocketError(error, "send");
                _table.Abort(ref slot, CloseReason.SocketError);
                return;
        }
    }

    // Nothing went out until the deadline. A server that was frozen may not have seen that the peer has made
    // room: it tries once more.
    private void EndProbe(int index, ref Slot slot)
    {
        ref OutboundQueue queue = ref SentOf(index, ref slot);
        int sent = _worker.Ring.SendNow(slot.Fd, queue.First, queue.FirstLength);
        if (sent > 0)
        {
            FinishSend(index, ref slot, sent);
        }
        else if (sent == -Errno.EAGAIN)
        {
            _table.Abort(ref slot, CloseReason.SendTimeout);
        }
        else
        {
            HandleSendError(index, ref slot, -sent, wasProbed: false);
        }
    }

    // The peer is gone for what we send. What it sent before is still delivered: the receive, which the dead
    // socket ends, closes the connection. It is cancelled, and armed anew by that, so that it looks again: a
    // wake-up that the kernel has taken together with an earlier one would be waited for in vain.
    private void BreakWrite(int index, ref Slot slot)
    {
        _worker.Layers.Drop(index, ref slot);
        slot.Outbound.Clear(_table.Segments);
        slot.BreakWrite();
        if (!slot.WillFindOut)
        {
            _table.Abort(ref slot, CloseReason.Reset);
            return;
        }

        _worker.Closer.ArmCancel(index, ref slot, Operation.CancelReceive);
    }
}
