using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Writing;

/// <summary>Writing without a copy: into the memory that is sent, or from memory that stays.</summary>
internal sealed unsafe partial class ConnectionWriter
{
    /// <summary>The longest piece of memory that can be asked for, in bytes.</summary>
    public const int MaxSizeHint = 1 << 30;

    /// <summary>What is offered at least where the size is left to us, in bytes.</summary>
    public const int DefaultSizeHint = 256;

    /// <summary>The least bytes that are sent from where they lie when nothing is queued.</summary>
    public const int MinStaticBytes = 1_024;

    /// <summary>
    /// The least bytes that are sent from where they lie behind others: a gathered send of two pieces costs
    /// the kernel as much more than a plain one as copying that many bytes does.
    /// </summary>
    public const int MinStaticBytesBehind = 8_192;

    // What GetSpan handed out last and Advance has not taken: behind the end of the slot's queue, or in a
    // segment that is still the pool's. A callback that throws in between leaves nothing to be mended.
    // SAFETY: the queue's or the pool's segment, until Advance or the end of the callback.
    private Segment* _offered;
    private byte* _offeredAt;
    private int _offeredLength;
    private int _offeredSlot;

    /// <summary>Memory to write to, which is sent only as far as it is advanced over.</summary>
    // SAFETY: the bytes lie behind those that a send in flight covers, or in a segment of no queue. They are
    // the callback's until the connection is written to, or the turn ends.
    public Span<byte> GetSpan(ref Slot slot, int sizeHint)
    {
        if ((uint)sizeHint > MaxSizeHint)
        {
            throw new ArgumentOutOfRangeException(
                nameof(sizeHint), sizeHint, $"A size hint is 0 to {MaxSizeHint:N0} bytes.");
        }

        int least = sizeHint == 0 ? DefaultSizeHint : sizeHint;
        Segment* segment = slot.Outbound.Tail;
        if (segment is null || segment->Room < least)
        {
            segment = least <= Segment.PooledCapacity
                ? _table.Segments.Offer()
                : _table.Segments.OfferLarge(least);
        }

        _offered = segment;
        _offeredAt = segment->Data + segment->End;
        _offeredLength = segment->Room;
        _offeredSlot = _table.IndexOf(ref slot);
        return new Span<byte>(_offeredAt, _offeredLength);
    }

    /// <summary>Queues what was written to the memory that <see cref="GetSpan"/> gave.</summary>
    /// <returns>As <see cref="TryWrite"/>.</returns>
    public bool TryAdvance(ref Slot slot, int count)
    {
        if ((uint)count > (uint)_offeredLength || _table.IndexOf(ref slot) != _offeredSlot)
        {
            throw NotOffered(ref slot, count);
        }

        if (!slot.IsWritable
            || (uint)count > (uint)RoomOf(ref slot))
        {
            _offeredLength = 0;
            AwaitRoom(ref slot, count);
            return false;
        }

        if (count > 0)
        {
            TakeOffer(ref slot, count);
            AfterWrite(ref slot);
        }

        return true;
    }

    /// <summary>Like <see cref="TryAdvance"/>; a write beyond the limit closes the connection.</summary>
    public void Advance(ref Slot slot, int count)
    {
        if (!TryAdvance(ref slot, count))
        {
            RefuseWrite(ref slot);
        }
    }

    /// <summary>Queues bytes that nobody ever changes, moves or frees, and copies few of them only.</summary>
    /// <returns>As <see cref="TryWrite"/>.</returns>
    // SAFETY: the caller vouches for the memory, which the kernel reads until the bytes are sent.
    public bool TryWriteStatic(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (data.Length < (slot.Outbound.Bytes == 0 ? MinStaticBytes : MinStaticBytesBehind))
        {
            return TryWrite(ref slot, data);
        }

        if (!slot.IsWritable
            || (uint)data.Length > (uint)RoomOf(ref slot))
        {
            AwaitRoom(ref slot, data.Length);
            return false;
        }

        var first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(data));
        Segment* segment = _table.Segments.TryRentForeign(first, data.Length);
        if (segment is null)
        {
            AwaitRoom(ref slot, data.Length);
            return false;
        }

        slot.Outbound.Append(segment);
        AfterWrite(ref slot);
        return true;
    }

    /// <summary>Like <see cref="TryWriteStatic"/>; a write beyond the limit closes the connection.</summary>
    public void WriteStatic(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (!TryWriteStatic(ref slot, data))
        {
            RefuseWrite(ref slot);
        }
    }

    private void TakeOffer(ref Slot slot, int count)
    {
        Segment* tail = slot.Outbound.Tail;
        if (_offered == tail && tail->Data + tail->End == _offeredAt)
        {
            tail->End += count;
            slot.Outbound.Bytes += count;
        }
        else if (_offered != tail && _table.Segments.TryTake(_offered))
        {
            _offered->End = count;
            slot.Outbound.Append(_offered);
        }
        else
        {
            throw NotOffered(ref slot, count);
        }

        _offeredAt += count;
        _offeredLength -= count;
    }

    private InvalidOperationException NotOffered(ref Slot slot, int count)
    {
        int length = _table.IndexOf(ref slot) == _offeredSlot ? _offeredLength : 0;
        return new InvalidOperationException(
            $"Advance({count:N0}) has {length:N0} bytes of GetSpan's memory to advance over. They are there "
            + "until the callback returns or writes anything else to the connection: call GetSpan first.");
    }
}
