using System.Runtime.CompilerServices;
using Gain.Layers;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Writing;

/// <remarks>What is particular to connections with a layer.</remarks>
internal sealed unsafe partial class ConnectionWriter
{
    // From here on a write is sealed where it is: as long as a record may be.
    private const int LargeWriteBytes = 16_320;

    /// <summary>
    /// Begins to set a connection's layer up. What was written before is sent as it is; what is written from
    /// now on waits for the layer, and nothing is delivered until then.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection cannot have one, or not now.</exception>
    public void StartLayer(ref Slot slot)
    {
        if (!slot.IsWritable)
        {
            return;
        }

        if (slot.IsLayered || Layered is null || !Layered.StartsOnRequest(slot.Address))
        {
            throw new InvalidOperationException(
                slot.IsLayered
                    ? "The connection is encrypted already, or about to be."
                    : "The connection came in by an address that has no options for it: give them with "
                        + ".UseStartTls(options) behind the Listen of the address, or with .UseTls(options) "
                        + "behind the Dial of what was dialled.");
        }

        if (slot.IsHeld || OpenFrame == _table.IndexOf(ref slot))
        {
            throw new InvalidOperationException(
                slot.IsHeld
                    ? "Answers are due that would be sent as plain text (Connection.Hold): give them first."
                    : "A frame is open: end it with EndFrame first.");
        }

        _offeredLength = 0;
        Layered.BeginUpgrade(_table.IndexOf(ref slot), ref slot.Outbound);
        slot.BeginUpgrade();
        _table.AddPending(ref slot);
    }

    // Not where it would come before what is not complete: a frame that may be taken back, or memory that was
    // offered; and not where there might be no memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MaySeal(ref Slot slot, int length)
    {
        int index = _table.IndexOf(ref slot);
        return slot.IsWritable
            && !slot.IsStarting
            && Layered![index] is not null
            && OpenFrame != index
            && _offeredLength == 0
            && (uint)length <= (uint)RoomOf(ref slot)
            && _table.Segments.TryEnsure(((length + slot.Outbound.Bytes) / LargeWriteBytes) + 4);
    }

    // A large write is sealed straight from the caller's memory, behind what was written before: no copy, and
    // records that are as long as they may be.
    // SAFETY: the segments are the queue's until it is cleared, and hold what was written to them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Seal(ref Slot slot, ReadOnlySpan<byte> data)
    {
        int index = _table.IndexOf(ref slot);
        LayerSession session = Layered![index]!;
        LayerOutput output = Layered.OutputOf(index);
        bool isWhole = true;
        for (Segment* segment = slot.Outbound.Head; segment is not null && isWhole; segment = segment->Next)
        {
            int length = segment->End - segment->Start;
            isWhole = session.Seal(new ReadOnlySpan<byte>(segment->Data + segment->Start, length), output);
        }

        isWhole = isWhole && session.Seal(data, output);
        slot.Outbound.Clear(_table.Segments);
        slot.Outbound.Bytes = Layered.SealedOf(index).Bytes;
        if (!isWhole)
        {
            _table.Abort(ref slot, CloseReason.ProtocolError);
            return false;
        }

        AfterWrite(ref slot);
        return true;
    }
}
