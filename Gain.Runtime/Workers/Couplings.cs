using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

/// <summary>
/// Pairs of connections of which each is sent what the other receives. The bytes are copied once, from the
/// receive buffer into the other's queue: a peer that reads slowly holds no receive buffers.
/// </summary>
/// <remarks>
/// A connection of a pair is congested when the other one's queue is at the high watermark, and not when its
/// own is: else two peers that read only what they have been able to write would wait for each other.
/// </remarks>
internal sealed class Couplings<TProtocol, TRing> : CouplingDoor
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly int _bufferBytes;

    internal Couplings(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _writer = worker.Writer;
        _bufferBytes = worker.Settings.Ring.BufferBytes;
        _table.Pairs = this;
    }

    [AllowAllocation("Once for each worker, at the first pair that may be spliced.")]
    public override bool AllowSplices()
    {
        if (_worker.Settings.Splices.MaxPipes != 0)
        {
            _worker.Splices ??= new Splices<TProtocol, TRing>(_worker);
        }

        return _worker.Splices is not null;
    }

    /// <summary>Takes what a connection of a pair has received.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Receive(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (!slot.MayHold)
        {
            return;
        }

        if (slot.IsReadHeld || slot.Inbound.Length != 0)
        {
            Hold(index, ref slot, data);
        }
        else
        {
            int taken = Forward(index, ref slot, data);
            Hold(index, ref slot, data[taken..]);
        }
    }

    /// <summary>Forwards what was held while reading was paused.</summary>
    internal void ForwardHeld(int index, ref Slot slot)
    {
        if (slot.Inbound.Length != 0 && slot.MayHold && !slot.IsReadPaused)
        {
            ForwardHeldStep(index, ref slot);
        }
    }

    /// <summary>A connection's peer has sent FIN, behind all that was forwarded.</summary>
    internal void PassEnd(int index) =>
        _table.EndWrite(ref _table[_table.PartnerOf(index)], CloseReason.PeerClosed);

    /// <summary>Bytes of a connection went out: the other may be read on.</summary>
    internal void NoteSent(int index, ref Slot slot)
    {
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        if (other.IsCongested && HasRoom(ref slot))
        {
            ReadOn(partner, ref other);
        }
    }

    /// <summary>
    /// A connection is not read for the other's sake: perhaps that is over. Or it is ending, or paused.
    /// </summary>
    internal void Settle(int index, ref Slot slot)
    {
        _worker.Splices?.LeaveEnding(index, ref slot);
        if (slot.IsSpliced && slot.IsPausedByHandler)
        {
            _worker.Splices!.Leave(index, ref slot);
        }
        else if (slot.IsCongested && HasRoom(ref _table[_table.PartnerOf(index)]))
        {
            ReadOn(index, ref slot);
        }
    }

    private bool HasRoom(ref Slot slot) => slot.Outbound.Bytes <= _writer.Limits.LowWatermark;

    // Not before all that is held is forwarded: a receive that was armed before would bring more than the
    // other one takes meanwhile, again and again.
    private void ReadOn(int index, ref Slot slot)
    {
        if (slot.IsPausedByHandler)
        {
            return;
        }

        if (slot.Inbound.Length != 0 && slot.MayHold)
        {
            ForwardHeldStep(index, ref slot);
            if (slot.Inbound.Length != 0)
            {
                return;
            }
        }

        if (_worker.Splices is { } splices && splices.TryGoOn(index, ref slot))
        {
            return;
        }

        _worker.Sender.CountPause(ref slot);
        slot.EndCoupledPause();
        _table.AddPending(ref slot);
    }

    // In steps of what the other one takes, so that its queue is bounded.
    private void ForwardHeldStep(int index, ref Slot slot)
    {
        int taken = Forward(index, ref slot, slot.Inbound.Span);
        slot.Inbound.Consume(_table.Carries, taken);
    }

    // What of some bytes the other one takes, or drops: a buffer beyond the watermark at most.
    private int Forward(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        ref Slot other = ref _table[_table.PartnerOf(index)];
        _worker.Deadlines.NoteRead(index, ref slot);
        if (!other.IsReadPaused)
        {
            // A peer that only reads is not idle.
            other.ReadMs = (uint)_table.NowMs;
        }

        if (!other.IsWritable)
        {
            // Its peer is gone, or its handler has ended its side: nobody is there for it.
            return data.Length;
        }

        long most = Math.Min(_writer.Limits.MaxOutbound, (long)_writer.CoupledWatermark + _bufferBytes);
        int room = (int)Math.Clamp(most - other.Outbound.Bytes, 0, data.Length);
        if (!other.Outbound.TryAppend(_table.Segments, data[..room]))
        {
            _table.Abort(ref other, CloseReason.OutboundLimit);
            return data.Length;
        }

        if (!other.IsSending)
        {
            _table.AddPending(ref other);
        }

        if (!slot.IsCongested && (room < data.Length || other.Outbound.Bytes >= _writer.CoupledWatermark))
        {
            slot.Congest();
            slot.ReadMs = (uint)_table.NowMs;
            _table.AddPending(ref slot);
        }

        if (slot.MaySplice && room == data.Length)
        {
            _worker.Splices!.NoteCopied(index, ref slot, room);
        }

        return room;
    }

    // No memory for it is a fault of this connection's.
    private void Hold(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        _worker.Calling = index;
        slot.Inbound.Append(_table.Carries, data);
        _worker.Calling = Slot.None;
    }
}
