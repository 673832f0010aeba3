using Gain.Memory;
using Gain.Slots;

namespace Gain.Writing;

/// <summary>
/// A frame whose length is not known when it begins: room for its header is reserved in the queue, what is
/// written then follows, and the end fills the header in, or takes everything back.
/// </summary>
/// <remarks>
/// It begins and ends in one callback. Until a callback has returned nothing that it wrote is sent, so no
/// byte of an open frame is, and its segments stay where they are. The worker closes the connection of a
/// callback that left a frame open.
/// </remarks>
internal sealed unsafe partial class ConnectionWriter
{
    // The connection with an open frame, and the end of its queue when the frame began.
    private int _frameSlot = Slot.None;
    private int _frameHeader;
    // SAFETY: the last segment of the slot's queue when the frame began; nothing is sent before its end.
    private Segment* _frameBefore;
    private int _frameBeforeEnd;
    private int _frameBeforeBytes;
    private long _frameBeforeDropped;

    /// <summary>The slot that has an open frame; none most of the time.</summary>
    public int OpenFrame => _frameSlot;

    /// <summary>Begins a frame with room for a header, in one piece.</summary>
    /// <param name="slot">The connection.</param>
    /// <param name="header">The header's bytes, zeroed but for the first ones.</param>
    /// <param name="first">The first bytes of the header.</param>
    public void BeginFrame(ref Slot slot, int header, ReadOnlySpan<byte> first)
    {
        if (_frameSlot != Slot.None)
        {
            throw new InvalidOperationException(
                "BeginFrame was called while a frame is open: EndFrame or CancelFrame ends that one first.");
        }

        _frameSlot = _table.IndexOf(ref slot);
        _frameHeader = header;
        _frameBefore = slot.Outbound.Tail;
        _frameBeforeEnd = _frameBefore is null ? 0 : _frameBefore->End;
        _frameBeforeBytes = slot.Outbound.Bytes;
        _frameBeforeDropped = DroppedWrites;

        // Whatever the callback does then, the worker looks at the connection before it waits.
        _table.AddPending(ref slot);
        if (header > 0)
        {
            Span<byte> room = GetSpan(ref slot, header)[..header];
            room.Clear();
            first.CopyTo(room);
            Advance(ref slot, header);
        }
    }

    /// <summary>The length of the open frame's payload, which is about to be ended.</summary>
    /// <returns>
    /// False when there is nothing to end: the connection is closing, or a part of the frame was dropped for
    /// want of room, and the frame was taken back.
    /// </returns>
    public bool TryEndFrame(ref Slot slot, out int length)
    {
        CheckFrame(ref slot, "EndFrame");
        length = slot.Outbound.Bytes - _frameBeforeBytes - _frameHeader;
        if (slot.IsWritable && DroppedWrites == _frameBeforeDropped)
        {
            return true;
        }

        // Something of it may be missing: half a frame is worse than none.
        CancelFrame(ref slot);
        return false;
    }

    /// <summary>The bytes reserved for the open frame's header.</summary>
    // SAFETY: they lie in the queue, which only this callback writes to, behind what a send covers.
    public Span<byte> FrameHeader(ref Slot slot)
    {
        Segment* segment = FirstOfFrame(ref slot, out int at);
        return new Span<byte>(segment->Data + at, _frameHeader);
    }

    /// <summary>Shortens the header, which was reserved for the longest one.</summary>
    /// <returns>The bytes that are left of it, in front of the payload.</returns>
    // SAFETY: as for FrameHeader. The payload moves within the first segment, the rest of it stays.
    public Span<byte> ShortenFrameHeader(ref Slot slot, int header)
    {
        Segment* segment = FirstOfFrame(ref slot, out int at);
        int excess = _frameHeader - header;
        byte* first = segment->Data + at;
        int payload = segment->End - at - _frameHeader;
        new Span<byte>(first + _frameHeader, payload).CopyTo(new Span<byte>(first + header, payload));
        segment->End -= excess;
        slot.Outbound.Bytes -= excess;
        _frameHeader = header;
        return new Span<byte>(first, header);
    }

    /// <summary>
    /// Whether the payload and the delimiter behind it would be read as more than one frame: the payload
    /// holds the delimiter, or ends with a part of it that makes it end too early.
    /// </summary>
    public bool FrameHolds(ref Slot slot, ReadOnlySpan<byte> delimiter)
    {
        // The last bytes of what was searched, in which a delimiter may have begun.
        Span<byte> last = stackalloc byte[2 * Delimiters.MaxLength];
        int carried = 0;
        int at = _frameBeforeEnd;
        for (Segment* segment = _frameBefore is null ? slot.Outbound.Head : _frameBefore;
            segment is not null;
            segment = segment->Next)
        {
            at = segment == _frameBefore ? at : segment->Start;
            var piece = new ReadOnlySpan<byte>(segment->Data + at, segment->End - at);
            if (Delimiters.EndAcross(last[..carried], piece, delimiter) >= 0)
            {
                return true;
            }

            carried = Slide(last, carried, piece, delimiter.Length - 1);
        }

        return Delimiters.EndAcross(last[..carried], delimiter, delimiter) != delimiter.Length;
    }

    /// <summary>Ends the open frame as it is: it is sent with what was written before it.</summary>
    public void EndFrame(ref Slot slot)
    {
        _frameSlot = Slot.None;
        _offeredLength = 0;
        if (slot.Outbound.Bytes > _frameBeforeBytes)
        {
            AfterWrite(ref slot);
        }
    }

    /// <summary>Takes the open frame back.</summary>
    public void CancelFrame(ref Slot slot)
    {
        CheckFrame(ref slot, "CancelFrame");
        _frameSlot = Slot.None;
        _offeredLength = 0;
        slot.Outbound.Truncate(_table.Segments, _frameBefore, _frameBeforeEnd, _frameBeforeBytes);
    }

    /// <summary>Ends the open frame without touching the queue, which is about to be dropped.</summary>
    public void ForgetFrame() => _frameSlot = Slot.None;

    private void CheckFrame(ref Slot slot, string caller)
    {
        if (_frameSlot != _table.IndexOf(ref slot))
        {
            throw new InvalidOperationException(
                $"{caller} was called without a BeginFrame on the same connection, in the same callback.");
        }
    }

    private Segment* FirstOfFrame(ref Slot slot, out int at)
    {
        if (_frameBefore is not null && _frameBefore->End > _frameBeforeEnd)
        {
            at = _frameBeforeEnd;
            return _frameBefore;
        }

        Segment* first = _frameBefore is null ? slot.Outbound.Head : _frameBefore->Next;
        at = first->Start;
        return first;
    }

    // Keeps the last few bytes of what is there and what is new.
    private static int Slide(Span<byte> last, int length, ReadOnlySpan<byte> piece, int keep)
    {
        if (piece.Length >= keep)
        {
            piece[^keep..].CopyTo(last);
            return keep;
        }

        int drop = Math.Max(0, length + piece.Length - keep);
        last[drop..length].CopyTo(last);
        piece.CopyTo(last[(length - drop)..]);
        return length - drop + piece.Length;
    }
}
