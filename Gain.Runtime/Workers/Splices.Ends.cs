using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>The way back to copying.</remarks>
internal sealed partial class Splices<TProtocol, TRing>
{
    // What a pipe holds is read in pieces of this many bytes.
    private const int ReadBytes = 16 << 10;

    public override void LeaveEnding(int index, ref Slot slot)
    {
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        if (!slot.IsWritable && other.IsSpliced)
        {
            Leave(partner, ref other);
        }

        if (!slot.MayHold && slot.IsSpliced)
        {
            Leave(index, ref slot);
        }
    }

    public override void Leave(int index, ref Slot slot)
    {
        slot.IsSpliceDue = false;
        if (!slot.IsSpliced)
        {
            return;
        }

        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        slot.IsSpliced = false;
        _runs[index] = 0;
        Empty(index, ref slot, ref other, isKept: !other.IsBeyondDraining);
        EndWaits(index, ref slot, partner, ref other);
        slot.ReadMs = (uint)_table.NowMs;
        _table.AddPending(ref slot);
        _table.AddPending(ref other);
    }

    public override void End(int index, ref Slot slot)
    {
        Leave(index, ref slot);
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        if (other.IsSpliced)
        {
            Empty(partner, ref other, ref slot, isKept: false);
            Leave(partner, ref other);
        }
    }

    // The other one's peer is gone for what is sent to it, and what it has sent itself is still read.
    private void Break(int index, ref Slot slot, int error)
    {
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        Empty(index, ref slot, ref other, isKept: false);
        Leave(index, ref slot);
        if (other.IsSpliced)
        {
            Leave(partner, ref other);
            other.EndCoupledPause();
        }

        _worker.Sender.HandleSendError(partner, ref other, error, wasProbed: false);
    }

    private void EndWaits(int index, ref Slot slot, int partner, ref Slot other)
    {
        if (slot.AwaitsInput)
        {
            _worker.Closer.ArmCancel(index, ref slot, Operation.CancelReceive);
        }

        if (other.AwaitsRoom)
        {
            _worker.Closer.ArmCancel(partner, ref other, Operation.CancelSend);
        }
    }

    private void Empty(int index, ref Slot slot, ref Slot other, bool isKept)
    {
        int number = _held[index] - 1;
        if (number < 0)
        {
            return;
        }

        Span<byte> piece = stackalloc byte[ReadBytes];
        ref int left = ref _pipes.BytesIn(number);
        while (left != 0)
        {
            int read = _worker.Ring.ReadPipe(_pipes[number], piece[..Math.Min(left, ReadBytes)]);
            if (read <= 0)
            {
                throw new InvalidOperationException(
                    $"A pipe that {left} bytes were moved into gave {read} when it was read.");
            }

            left -= read;
            if (isKept)
            {
                Keep(index, ref slot, ref other, piece[..read]);
            }
        }

        _held[index] = 0;
        _pipes.Return(number);
    }

    // What is above the other one's limit, as its handler has written meanwhile, waits as if reading was
    // paused; where nothing more is forwarded, it is dropped as what has not been read.
    private void Keep(int index, ref Slot slot, ref Slot other, ReadOnlySpan<byte> data)
    {
        int fits = slot.Inbound.Length != 0
            ? 0
            : Math.Clamp(_writer.Limits.MaxOutbound - other.Outbound.Bytes, 0, data.Length);
        if (!other.Outbound.TryAppend(_table.Segments, data[..fits]))
        {
            _table.Abort(ref other, CloseReason.OutboundLimit);
        }
        else if (fits < data.Length && slot.MayHold)
        {
            _worker.Calling = index;
            slot.Inbound.Append(_table.Carries, data[fits..]);
            _worker.Calling = Slot.None;
        }
    }

    public override void Close()
    {
        _pipes.Close(ref _worker.Ring);
        _runs.Dispose();
        _held.Dispose();
    }
}
