using System.ComponentModel;
using Gain.Memory;

namespace Gain.Layers;

/// <summary>Where a layer writes what is sent: the queue of the connection that it works for.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class LayerOutput
{
    private readonly SegmentPool _segments;
    private readonly OutboundQueue[] _queues;
    private int _current;

    // SAFETY: the queue's last segment, or the pool's next; the queue grows by the one in which Advance finds
    // it.
    private Segment* _offered;

    internal LayerOutput(SegmentPool segments, OutboundQueue[] queues)
    {
        _segments = segments;
        _queues = queues;
    }

    /// <summary>Memory for the next bytes; it may be shorter than asked for.</summary>
    /// <param name="sizeHint">How much is needed.</param>
    // SAFETY: the bytes lie behind those that a send in flight covers, or in a segment of no queue.
    public Span<byte> GetSpan(int sizeHint)
    {
        Segment* tail = _queues[_current].Tail;
        int least = Math.Min(sizeHint, Segment.PooledCapacity);
        _offered = tail is not null && tail->Room >= least ? tail : _segments.Offer();
        return new Span<byte>(_offered->Data + _offered->End, _offered->Room);
    }

    /// <summary>The next bytes were written to that memory.</summary>
    /// <param name="count">How many.</param>
    public void Advance(int count)
    {
        ref OutboundQueue queue = ref _queues[_current];
        Segment* offered = _offered;
        _offered = null;
        uint room = offered is null ? 0 : (uint)offered->Room;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, room);
        if (offered == queue.Tail)
        {
            offered->End += count;
            queue.Bytes += count;
        }
        else if (count != 0)
        {
            if (!_segments.TryTake(offered))
            {
                throw new InvalidOperationException("The memory was not the next that GetSpan gives.");
            }

            offered->End = count;
            queue.Append(offered);
        }
    }

    /// <summary>Writes bytes that lie elsewhere.</summary>
    /// <param name="bytes">Any number.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_queues[_current].TryAppend(_segments, bytes))
        {
            throw _segments.RefusalOf(bytes.Length);
        }
    }

    /// <summary>Directs it to a connection's queue.</summary>
    internal LayerOutput Of(int index)
    {
        _current = index;
        _offered = null;
        return this;
    }
}
