using System.Runtime.CompilerServices;
using Gain.Layers;
using Gain.Memory;
using Gain.Proxies;
using Gain.Slots;

namespace Gain.Writing;

/// <summary>
/// What the connections of one worker write: into their outbound queues, within their limits. What follows
/// at a watermark, or beyond a limit, is noted in the slot, and the worker carries it out.
/// </summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal sealed unsafe partial class ConnectionWriter
{
    private readonly SlotTable _table;
    private readonly ConnectionLimits _limits;
    private readonly MemoryBudget _budget;
    private int _highWatermark;

    public ConnectionWriter(SlotTable table, ConnectionLimits limits, MemoryBudget budget)
    {
        _table = table;
        _limits = limits;
        _budget = budget;
        _highWatermark = limits.HighWatermark;
    }

    /// <summary>
    /// Writes dropped by <see cref="SlowReaderPolicy.DropWrites"/>. Written by the worker's thread only;
    /// others may read.
    /// </summary>
    public long DroppedWrites;

    /// <summary>The connections that it writes to.</summary>
    public SlotTable Table => _table;

    public ConnectionLimits Limits => _limits;

    /// <summary>
    /// Outbound bytes of one connection of a pair at which the other is no longer read, also where a policy
    /// goes on reading.
    /// </summary>
    public int CoupledWatermark => Math.Min(_highWatermark, _limits.MaxOutbound);

    /// <summary>What its layered connections have beside their slots; null where none has a layer.</summary>
    public LayerTable? Layered { get; set; }

    /// <summary>What load balancers have said of connections, where any may.</summary>
    public ProxyTable? Proxies { get; set; }

    /// <summary>Begins a turn of the worker's loop: what was offered in the last one is no longer.</summary>
    public void BeginTurn()
    {
        _offeredLength = 0;

        // With little memory left, connections are held back as soon as the low watermark lets them go on.
        _highWatermark = _budget.IsTight && !_limits.KeepsReading
            ? Math.Min(_limits.HighWatermark, _limits.LowWatermark + 1)
            : _limits.HighWatermark;
    }

    /// <summary>Queues bytes to be sent at the end of the turn.</summary>
    /// <returns>
    /// Whether they were queued: not when the connection is closing or the limit is reached.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (data.Length >= LargeWriteBytes && slot.IsLayered && MaySeal(ref slot, data.Length))
        {
            return Seal(ref slot, data);
        }

        if (!slot.IsWritable
            || (uint)data.Length > (uint)RoomOf(ref slot)
            || !slot.Outbound.TryAppend(_table.Segments, data))
        {
            AwaitRoom(ref slot, data.Length);
            return false;
        }

        if (!data.IsEmpty)
        {
            AfterWrite(ref slot);
        }

        return true;
    }

    /// <summary>
    /// Makes sure that several writes, of this many bytes in all, are all queued. When they cannot be, that
    /// is treated as one write that cannot.
    /// </summary>
    public bool Reserve(ref Slot slot, int bytes)
    {
        if (slot.IsWritable
            && (uint)bytes <= (uint)RoomOf(ref slot)
            && slot.Outbound.TryEnsure(_table.Segments, bytes))
        {
            return true;
        }

        slot.Overflow();
        RefuseWrite(ref slot);
        return false;
    }

    /// <summary>Like <see cref="TryWrite"/>; a write beyond the limit closes the connection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (!TryWrite(ref slot, data))
        {
            RefuseWrite(ref slot);
        }
    }

    // What a layer adds to what was written may exceed the limit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RoomOf(ref Slot slot) => Math.Max(0, _limits.MaxOutbound - slot.Outbound.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AfterWrite(ref Slot slot)
    {
        if (slot.Outbound.Bytes >= _highWatermark)
        {
            Congest(ref slot);
        }
        else if (slot.IsSending)
        {
            // The completion of the send in flight goes on with these bytes.
            return;
        }

        _table.AddPending(ref slot);
    }

    // A handler whose write was refused is told when there is room, also where the high watermark was not
    // reached. Where reading pauses, all has to go out first: then there is room for whatever can be written
    // at all.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitRoom(ref Slot slot, int length)
    {
        if (!slot.IsWritable
            || slot.Outbound.Bytes == 0
            || length > _limits.MaxOutbound)
        {
            return;
        }

        slot.Overflow();
        if (!_limits.KeepsReading)
        {
            Congest(ref slot);
            _table.AddPending(ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseWrite(ref Slot slot)
    {
        // What is written to a connection on its way out is dropped, as the peer would not see it. Behind the
        // handler's own end it is a mistake.
        if (!slot.IsWritable)
        {
            if (slot.IsHalfClosed && !slot.IsEnding && !slot.IsCoupled)
            {
                throw new InvalidOperationException(
                    "The connection is written to after ShutdownWrite, which has ended that side: write "
                    + "before it, or ask IsClosing first. TrySend returns false.");
            }

            return;
        }

        if (_limits.DropsWrites)
        {
            DroppedWrites++;
        }
        else
        {
            _table.Abort(ref slot, CloseReason.OutboundLimit);
        }
    }

    /// <summary>The layer is set up: what waited for it is to go out before more is read.</summary>
    public void CongestIfFull(ref Slot slot)
    {
        if (slot.Outbound.Bytes >= _highWatermark || slot.IsOverflowed)
        {
            Congest(ref slot);
            _table.AddPending(ref slot);
        }
    }

    /// <summary>The layer has made more of what is sent: it counts for the watermark.</summary>
    public void NoteSealed(ref Slot slot)
    {
        if (slot.Outbound.Bytes >= _highWatermark && slot.IsWritable)
        {
            Congest(ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Congest(ref Slot slot)
    {
        // What waits for a layer does not keep its set-up from being read; and in a pair it is the other
        // connection that is not read.
        if (!slot.IsCongested && !slot.IsStarting && !slot.IsCoupled)
        {
            slot.Congest();
            slot.ReadMs = (uint)_table.NowMs;
        }
    }
}
