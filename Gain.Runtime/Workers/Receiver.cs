using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;
using Gain.Writing;

namespace Gain.Workers;

internal sealed unsafe partial class Receiver<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;

    internal Receiver(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
    }

    internal void ArmReceiveIfWanted(int index, ref Slot slot)
    {
        if (slot.MayReceive)
        {
            slot.Begin(index, SlotOperation.Receive);
            _worker.Ring.PrepReceive(slot.Fd, Token.Pack(Operation.Receive, index, slot.Generation));
        }
    }

    /// <summary>
    /// Counts what has arrived of a connection, and its callback was not given: what its socket holds, and
    /// what the ring holds back.
    /// </summary>
    internal int CountNotDispatched(int index, ref Slot slot)
    {
        ulong token = Token.Pack(Operation.Receive, index, slot.Generation);
        long heldBack = _worker.Ring.CountHeldBack(token);
        return (int)Math.Min(int.MaxValue, Math.Max(0, _worker.Ring.CountUnread(slot.Fd)) + heldBack);
    }

    /// <summary>Delivers received bytes, or handles the end of a receive.</summary>
    /// <param name="completion">The completion of a connection's receive.</param>
    public void HandleReceive(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
            return;
        }

        if (!completion.HasMore)
        {
            slot.End(index, SlotOperation.Receive);
        }

        if (completion.Result <= 0)
        {
            HandleReceiveEnd(index, ref slot, completion);
            return;
        }

        ushort bufferId = completion.BufferId;
        ReadOnlySpan<byte> data = _worker.Ring.Received(bufferId, completion.Result);
        _worker.Counters.BytesIn += data.Length;
        _worker.Lent = bufferId;
        if (slot.IsDeliverableAsItIs)
        {
            _worker.Deadlines.NoteRead(index, ref slot);
            Deliver(index, ref slot, data);
        }
        else
        {
            ReceiveApart(index, ref slot, data);
        }

        _worker.Lent = Served.NoBuffer;
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.NoteDelivered(index, ref slot, data.Length);
        }

        _worker.Ring.Recycle(bufferId);
        if (!completion.HasMore)
        {
            AfterDisarm(index, ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Deliver(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (_worker.Declares(index, Callbacks.ReadPartial) && slot.Inbound.Length != 0)
        {
            DeliverJoined(index, ref slot, data);
            return;
        }

        _worker.Calling = index;
        CountRead(index);
        int consumed = TProtocol.Read(ref _handlers[index], new Connection(_writer, ref slot), data);
        if (consumed != data.Length)
        {
            Keep(index, ref slot, data, consumed);
        }

        _worker.Calling = Slot.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountRead(int index)
    {
        // Frames are counted one by one, by the parser.
        if (_worker.Declares(index, Callbacks.Read | Callbacks.ReadPartial))
        {
            _worker.Counters.Callbacks++;
        }
    }

    // OnRead left bytes behind: they come again, in front of the new ones.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DeliverJoined(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        // From here on: no memory for it is a fault of this connection's.
        _worker.Calling = index;
        slot.Inbound.Append(_table.Carries, data);
        ReadOnlySpan<byte> joined = slot.Inbound.Span;
        _worker.Counters.Callbacks++;
        int consumed = TProtocol.Read(ref _handlers[index], new Connection(_writer, ref slot), joined);
        CheckConsumed(consumed, joined.Length);
        slot.Inbound.Consume(_table.Carries, consumed);
        LimitUnconsumed(index, ref slot);
        _worker.Calling = Slot.None;
    }

    // Not all was consumed: the framing was violated, a frame is unfinished, or the handler wants more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep(int index, ref Slot slot, ReadOnlySpan<byte> data, int consumed)
    {
        if (slot.IsRejected)
        {
            EndRejected(index, ref slot);
            return;
        }

        CheckConsumed(consumed, data.Length);
        if (slot.MayKeep)
        {
            slot.Inbound.Append(_table.Carries, data[consumed..]);
            LimitUnconsumed(index, ref slot);
        }
        else
        {
            _worker.Dialer.NoteUnread(index, ref slot);
        }
    }

    private void EndRejected(int index, ref Slot slot)
    {
        _worker.Counters.ProtocolErrors++;
        if (_worker.Declares(index, Callbacks.ProtocolError) && !slot.IsEnding)
        {
            _worker.Counters.Callbacks++;
            TProtocol.ProtocolError(
                ref _handlers[index], new Connection(_writer, ref slot), _table.Rejection);
        }

        _table.Close(ref slot, CloseReason.ProtocolError);
        slot.Reason = slot.Reason == CloseReason.Local ? CloseReason.ProtocolError : slot.Reason;
    }

    private static void CheckConsumed(int consumed, int given)
    {
        if ((uint)consumed > (uint)given)
        {
            throw new InvalidOperationException(
                $"OnRead returned {consumed}, but it was given {given} bytes: return 0 to {given}.");
        }
    }

    private void LimitUnconsumed(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.ReadPartial)
            && slot.Inbound.Length > _writer.Limits.MaxUnconsumed
            && !slot.MayHoldMore)
        {
            _table.Abort(ref slot, CloseReason.InboundLimit);
        }
    }

    // Reading is paused, but this was on its way: it is kept, and delivered when reading goes on.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Hold(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (slot.MayHold)
        {
            // No memory for it is a fault of this connection's.
            _worker.Calling = index;
            slot.Inbound.Append(_table.Carries, data);
            _worker.Calling = Slot.None;
        }
        else
        {
            _worker.Dialer.NoteUnread(index, ref slot);
        }
    }

    /// <summary>Delivers what was held while reading was paused.</summary>
    internal void DeliverHeld(int index, ref Slot slot)
    {
        // The carry becomes the received data, and what is left of it a new carry.
        InboundCarry held = slot.Inbound;
        slot.Inbound = default;
        try
        {
            Deliver(index, ref slot, held.Span);
        }
        finally
        {
            held.Clear(_table.Carries);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleReceiveEnd(int index, ref Slot slot, CompletionEntry completion)
    {
        if (completion.HasBuffer)
        {
            _worker.Ring.Recycle(completion.BufferId);
        }

        switch (-completion.Result)
        {
            case 0:
                slot.CloseRead();
                break;

            case Errno.ENOBUFS when !completion.HasMore:
                AddStarved(index, ref slot);
                break;

            case Errno.ECANCELED:
            case Errno.EINTR:
            case Errno.EAGAIN:
            case Errno.ENOBUFS:
                break;

            case Errno.ECONNRESET:
                slot.NotePeerReset();
                _table.Abort(ref slot, CloseReason.Reset);
                break;

            case Errno.EPIPE:
            case Errno.ETIMEDOUT:
            case Errno.ECONNABORTED:
            case Errno.EHOSTUNREACH:
            case Errno.ENETUNREACH:
                slot.CloseRead();
                _table.Abort(ref slot, CloseReason.Reset);
                break;

            default:
                slot.CloseRead();
                _worker.Closer.CountSocketError(-completion.Result, "receive");
                _table.Abort(ref slot, CloseReason.SocketError);
                break;
        }

        AfterDisarm(index, ref slot);
    }

    /// <summary>A socket that no receive is armed on has told its end.</summary>
    /// <param name="index">The connection's slot.</param>
    /// <param name="slot">The connection.</param>
    /// <param name="result">0 for the peer's FIN, or a negative errno.</param>
    internal void EndUnarmed(int index, ref Slot slot, int result) =>
        HandleReceiveEnd(index, ref slot, new CompletionEntry(0, result, 0));

    /// <summary>
    /// The receive is no longer armed, or the peer has closed its side: what follows from that.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void AfterDisarm(int index, ref Slot slot)
    {
        if (slot.HasEnded)
        {
            _worker.Closer.TryFree(index);
        }
        else if (slot.IsLingering && slot.IsReadClosed)
        {
            _worker.Closer.EndLinger(index, ref slot);
        }
        else
        {
            HandleReadClosedIfDue(index, ref slot);
            ArmReceiveIfWanted(index, ref slot);
            if (slot.IsSpliceDue)
            {
                _table.AddPending(ref slot);
            }
        }
    }

    /// <summary>Acts on the peer's FIN, once, and only after everything before it was delivered.</summary>
    internal void HandleReadClosedIfDue(int index, ref Slot slot)
    {
        if (!slot.IsReadClosedDue)
        {
            return;
        }

        slot.HandleReadClosed();
        if (slot.IsWriteBroken)
        {
            _table.Abort(ref slot, CloseReason.Reset);
        }
        else if (slot.IsLayered && _worker.Layers.CloseIfCutOff(index, ref slot))
        {
            // A FIN that the layer did not announce: anyone on the way may have sent it.
        }
        else if (slot.IsCoupled)
        {
            _worker.Couplings.PassEnd(index);
        }
        else if (_worker.Declares(index, Callbacks.ReadClosed))
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.ReadClosed(ref _handlers[index], new Connection(_writer, ref slot));
            _worker.Calling = Slot.None;
        }
        else
        {
            _table.Close(ref slot, CloseReason.PeerClosed);
        }

        if (slot.IsHalfClosed)
        {
            // Both sides have ended.
            _table.Close(ref slot, CloseReason.PeerClosed);
        }
    }
}
