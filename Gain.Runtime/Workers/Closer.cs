using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;
using Gain.Writing;

namespace Gain.Workers;

internal sealed unsafe partial class Closer<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;

    internal Closer(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
    }

    internal void SettleEnding(int index, ref Slot slot)
    {
        if (slot.HasEnded)
        {
            TryFree(index);
        }
        else if (slot.IsConnecting)
        {
            _worker.Dialer.Settle(index, ref slot);
        }
        else if (!slot.IsLingering)
        {
            EndConnection(index, ref slot, isAbort: true);
        }
        else if (_worker.Dialer.IsSpoiled(index))
        {
            EndLinger(index, ref slot);
        }
    }

    /// <summary>Ends a connection: OnClose, exactly once, then FIN or the way to the slot's end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void EndConnection(int index, ref Slot slot, bool isAbort)
    {
        if (slot.IsConnecting)
        {
            // A callback threw before it was up: its dial is given up.
            _writer.ForgetFrame();
            _table.AddPending(ref slot);
            return;
        }

        bool isKept = !isAbort && _worker.Dialer.MayKeep(index, ref slot);
        slot.Inbound.Clear(_table.Carries);
        CallOnCloseOnce(index, ref slot, isAbort);
        if (isKept)
        {
            _worker.Dialer.Keep(index, ref slot);
            return;
        }

        // Closing a socket with unread bytes resets it, and a reset can overtake what we sent. So the FIN
        // goes first, and what still comes is read and dropped until the peer's FIN.
        bool lingers = !isAbort && !slot.IsReadClosed && _settings.Deadlines.LingerMs > 0;
        if (lingers && (slot.IsFinSent || _worker.Ring.ShutdownWrite(slot.Fd) == 0))
        {
            BeginLinger(index, ref slot);
            return;
        }

        // If the peer already reset the connection, there is nothing left to reset.
        if (isAbort && !slot.IsPeerReset)
        {
            _worker.Ring.ResetOnClose(slot.Fd);
        }

        ArmCancel(index, ref slot, Operation.CancelReceive);
        ArmCancel(index, ref slot, Operation.CancelSend);
        ArmCancel(index, ref slot, Operation.CancelHangUp);
        TryFree(index);
    }

    // The one way to OnClose: once for each slot that was opened.
    internal void CallOnCloseOnce(int index, ref Slot slot, bool isAbort)
    {
        if (slot.IsStarting && _worker.Dialer.Starts.Has(index))
        {
            _worker.Dialer.EndStart(index, ref slot);
            _worker.Layers.EndLayered(index, ref slot);
            return;
        }

        // Before it is parted: one of two is not dialled again.
        _worker.Dialer.NoteClosed(index, ref slot);
        if (slot.IsCoupled)
        {
            _worker.Splices?.End(index, ref slot);
            _table.Part(ref slot, isAbort);
        }

        slot.End();
        _worker.Sender.CountPause(ref slot);
        _worker.Counters.Closed++;
        _server.Admission.CountClosed();

        // A frame that the callback left open when it threw; then one that OnClose began to no purpose.
        _writer.ForgetFrame();
        if (_worker.Declares(index, Callbacks.Close) && !_worker.Layers.IsUnknown(index, ref slot))
        {
            CallClose(index, ref slot);
            _writer.ForgetFrame();
        }

        _worker.Layers.End(index, ref slot);
        _worker.Deadlines.CancelDeadlines(index, ref slot);
    }

    private void CallClose(int index, ref Slot slot)
    {
        _worker.Counters.Callbacks++;
        try
        {
            TProtocol.Close(ref _handlers[index], new Connection(_writer, ref slot), slot.Reason);
        }
        catch (Exception fault)
        {
            // The connection is closing already: the fault changes nothing but the count.
            _worker.Faults.CountFault(fault, index);
        }
    }

    private void BeginLinger(int index, ref Slot slot)
    {
        slot.BeginLingering();
        long linger = _settings.Deadlines.LingerMs;
        _worker.Deadlines.ArmRead(index, ref slot, linger, linger);
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
    }

    internal void EndLinger(int index, ref Slot slot)
    {
        _worker.Dialer.Pool?.Remove(index);
        slot.EndLingering();
        _table.CancelTimer(index, SlotTimer.Read);
        ArmCancel(index, ref slot, Operation.CancelReceive);
        ArmCancel(index, ref slot, Operation.CancelHangUp);
        TryFree(index);
    }

    /// <summary>
    /// Cancels the connection's receive, send or wait, if it is in flight and not being cancelled.
    /// </summary>
    internal void ArmCancel(int index, ref Slot slot, Operation cancel)
    {
        (Operation target, SlotOperation inFlight) = cancel switch
        {
            Operation.CancelReceive => (
                slot.AwaitsInput ? Operation.SpliceInput : Operation.Receive, SlotOperation.Receive),
            Operation.CancelSend => (
                slot.AwaitsRoom ? Operation.SpliceRoom : Operation.Send, SlotOperation.Send),
            Operation.CancelConnect => (Operation.Connect, SlotOperation.Connect),
            _ => (Operation.HangUp, SlotOperation.HangUp),
        };
        if (!slot.MayCancel(inFlight))
        {
            return;
        }

        slot.Begin(index, Slot.CancelOf(inFlight));
        ulong targetData = Token.Pack(target, index, slot.Generation);
        ulong cancelData = Token.Pack(cancel, index, slot.Generation);
        if (target == Operation.HangUp)
        {
            _worker.Ring.PrepCancelHangUp(slot.Fd, targetData, cancelData);
        }
        else
        {
            _worker.Ring.PrepCancel(targetData, cancelData);
        }
    }

    internal void HandleCancel(CompletionEntry completion, SlotOperation cancel)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
            return;
        }

        // Whether the target was found does not matter: its own last completion tells how it ended. It may
        // have been too busy to be cancelled (EALREADY): if it goes on, settling asks again.
        slot.End(index, cancel);
        if (slot.HasEnded)
        {
            ArmCancelAgain(index, ref slot, completion);
            TryFree(index);
        }
        else if (slot.IsConnecting)
        {
            // Its connect was too busy, or is over and its completion comes.
            ArmCancelAgain(index, ref slot, completion);
        }
        else if (slot.IsReadPaused && slot.IsReceiving)
        {
            _table.AddPending(ref slot);
        }
        else
        {
            // What was cancelled may be wanted again by now.
            _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
            if (slot.Outbound.Bytes != 0 || slot.IsSpliced || slot.IsSpliceDue)
            {
                _table.AddPending(ref slot);
            }
        }

        _worker.Splices?.GoOnInto(index, ref slot);
    }

    private void ArmCancelAgain(int index, ref Slot slot, CompletionEntry completion)
    {
        if (-completion.Result == Errno.EALREADY)
        {
            ArmCancel(index, ref slot, Token.OperationOf(completion));
        }
    }

    /// <summary>Frees the slot of an ended connection once nothing of it is in flight or in a list.</summary>
    internal void TryFree(int index)
    {
        ref Slot slot = ref _table[index];
        if (!slot.MayBeFreed)
        {
            return;
        }

        bool isMoved = _worker.Dialer.Pool is not null && _worker.Dialer.TryMove(index, ref slot);
        if (slot.Fd != Slot.NoSocket && !isMoved)
        {
            _worker.Ring.Close(slot.Fd);
        }

        _worker.Layers.Drop(index, ref slot);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TProtocol>())
        {
            _handlers[index] = default;
        }

        _worker.Proxies.Forget(index);
        _table.Free(index);
        if (_worker.Dialer.TryAgain(index))
        {
            _worker.Intake.NoteFreed();
            return;
        }

        _server.Admission.CountFreed(_worker.Intake.PeerOf(index));
        _server.HandOvers.Remove(_settings.Index);
        _worker.Intake.NoteFreed();
    }

    internal void CountSocketError(int error, string operation)
    {
        _worker.Counters.SocketErrors++;
        if (_worker.Observer.MayLogSocketError())
        {
            Log.SocketError(
                _server.Logger, _settings.Index, operation, Errno.Name(error), Errno.Meaning(error));
        }
    }
}
