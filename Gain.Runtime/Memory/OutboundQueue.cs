using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Slots;

namespace Gain.Memory;

/// <summary>What a connection has written and the kernel has not confirmed: a list of segments.</summary>
/// <remarks>An idle connection holds no segment. Part of <see cref="Slot"/>, hence the packing.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct OutboundQueue
{
    // SAFETY: segments of the worker's pool, this queue's until they are sent and confirmed; null when empty.
    private Segment* _head;
    private Segment* _tail;

    /// <summary>The bytes in the queue, those of the send in flight included.</summary>
    public int Bytes;

    /// <summary>The first unsent bytes, as many as lie together.</summary>
    public readonly byte* First => _head->Data + _head->Start;

    /// <summary>How many bytes lie together at <see cref="First"/>.</summary>
    public readonly int FirstLength => _head->End - _head->Start;

    /// <summary>Whether all bytes lie together, so that a plain send covers them.</summary>
    public readonly bool IsSinglePiece => _head == _tail;

    /// <summary>The first segment; null when the queue is empty.</summary>
    public readonly Segment* Head => _head;

    /// <summary>The last segment, which may have room; null when the queue is empty.</summary>
    public readonly Segment* Tail => _tail;

    /// <summary>Copies bytes to the end of the queue.</summary>
    /// <returns>False when there is no memory for them: none was queued.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(SegmentPool pool, ReadOnlySpan<byte> data)
    {
        Segment* tail = _tail;
        if (tail is null || tail->Room < data.Length)
        {
            return TryAppendAcross(pool, data);
        }

        data.CopyTo(new Span<byte>(tail->Data + tail->End, data.Length));
        tail->End += data.Length;
        Bytes += data.Length;
        return true;
    }

    /// <summary>Makes sure that there is memory for this many more bytes.</summary>
    public readonly bool TryEnsure(SegmentPool pool, int bytes)
    {
        int beyond = bytes - (_tail is null ? 0 : _tail->Room);
        return pool.TryEnsure((beyond + Segment.PooledCapacity - 1) / Segment.PooledCapacity);
    }

    /// <summary>Takes a segment, with the bytes that it holds, to the end of the queue.</summary>
    public void Append(Segment* segment)
    {
        Link(segment);
        Bytes += segment->End - segment->Start;
    }

    /// <summary>Lists up to as many unsent pieces, from the front, as there is room for.</summary>
    /// <returns>The number of pieces.</returns>
    public readonly int Gather(Span<iovec> pieces)
    {
        int count = 0;
        for (Segment* segment = _head; segment is not null && count < pieces.Length; segment = segment->Next)
        {
            pieces[count].iov_base = segment->Data + segment->Start;
            pieces[count].iov_len = (nuint)(segment->End - segment->Start);
            count++;
        }

        return count;
    }

    /// <summary>Removes bytes that the kernel took from the front, and returns emptied segments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(SegmentPool pool, int count)
    {
        if ((uint)count > (uint)Bytes)
        {
            ThrowConsumed(count);
        }

        Bytes -= count;
        Segment* head = _head;
        if (head->End - head->Start == count && head->Next is null)
        {
            // The usual case: one segment, sent whole.
            _head = null;
            _tail = null;
            pool.Return(head);
            return;
        }

        ConsumeAcross(pool, count);
    }

    /// <summary>Drops everything. No send may be in flight.</summary>
    public void Clear(SegmentPool pool)
    {
        ReturnAll(pool, _head);
        _head = null;
        _tail = null;
        Bytes = 0;
    }

    /// <summary>Takes the queue back to an earlier state. No send may cover what was written since.</summary>
    /// <param name="pool">Where the segments go.</param>
    /// <param name="tail">The last segment of then; null when the queue was empty.</param>
    /// <param name="end">That segment's end.</param>
    /// <param name="bytes">The bytes that the queue had.</param>
    public void Truncate(SegmentPool pool, Segment* tail, int end, int bytes)
    {
        if (tail is null)
        {
            // Bytes that the queue counts may be in that of a layer.
            Clear(pool);
            Bytes = bytes;
            return;
        }

        ReturnAll(pool, tail->Next);
        tail->Next = null;
        tail->End = end;
        _tail = tail;
        Bytes = bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ThrowConsumed(int count) => throw new InvalidOperationException(
        $"{count:N0} bytes were consumed of a queue that holds {Bytes:N0}.");

    private static void ReturnAll(SegmentPool pool, Segment* segment)
    {
        while (segment is not null)
        {
            Segment* next = segment->Next;
            pool.Return(segment);
            segment = next;
        }
    }

    private void Link(Segment* segment)
    {
        if (_tail is null)
        {
            _head = segment;
        }
        else
        {
            _tail->Next = segment;
        }

        _tail = segment;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAppendAcross(SegmentPool pool, ReadOnlySpan<byte> data)
    {
        if (!TryEnsure(pool, data.Length))
        {
            return false;
        }

        Bytes += data.Length;
        while (!data.IsEmpty)
        {
            if (_tail is null || _tail->Room == 0)
            {
                Link(pool.Rent());
            }

            int length = Math.Min(data.Length, _tail->Room);
            data[..length].CopyTo(new Span<byte>(_tail->Data + _tail->End, length));
            _tail->End += length;
            data = data[length..];
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConsumeAcross(SegmentPool pool, int count)
    {
        while (count > 0)
        {
            Segment* head = _head;
            int length = Math.Min(count, head->End - head->Start);
            head->Start += length;
            count -= length;
            if (head->Start < head->End)
            {
                return;
            }

            _head = head->Next;
            if (_head is null)
            {
                _tail = null;
            }

            pool.Return(head);
        }
    }
}
