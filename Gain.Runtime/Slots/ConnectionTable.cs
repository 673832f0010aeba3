using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;

namespace Gain.Slots;

/// <summary>
/// One worker's connections: the slab of slots, the memory that they write to and carry in, and the list
/// of those that need the worker's attention before it waits again. What a callback does to its connection
/// is recorded here; the worker carries it out at the end of its turn.
/// </summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal sealed unsafe partial class ConnectionTable : IDisposable
{
    // For beginnings of frames, 16 to 256 of them, when clients have filled the rest.
    private const long SetAsideForCarries = 16 * CarryPool.MaxSmallBytes;

    private readonly ConnectionLimits _limits;
    private readonly MemoryBudget _budget;
    private int _highWatermark;
    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private Slot* _slots;
    private int _freeHead = Slot.None;
    private int _used;
    private int _pendingHead = Slot.None;
    private int _pendingTail = Slot.None;

    /// <summary>Reserves the slab. Its pages take memory only when their slots are first used.</summary>
    public ConnectionTable(
        int capacity,
        ConnectionLimits limits,
        int workerIndex,
        Mailbox mailbox,
        MemoryBudget budget,
        int maxHolds = 16)
    {
        Capacity = capacity;
        _limits = limits;
        _highWatermark = limits.HighWatermark;
        _budget = budget;
        Segments = new SegmentPool(budget);
        Carries = new CarryPool(budget, CloseReason.InboundLimit, SetAsideForCarries);
        WorkerIndex = workerIndex;
        Mailbox = mailbox;
        _slots = (Slot*)NativePages.Map((nuint)capacity * Slot.Bytes);
        Timers = new TimerWheel(FirstOwnTimer + OwnTimers);
        Holds = new HoldTable(maxHolds, mailbox);
        _holdCounts = new SlotNumbers(capacity);
    }

    /// <summary>Frames handed to OnFrame. Written by the worker's thread only; others may read.</summary>
    public long Frames;

    /// <summary>
    /// Writes dropped by <see cref="SlowReaderPolicy.DropWrites"/>. As for <see cref="Frames"/>.
    /// </summary>
    public long DroppedWrites;

    /// <summary>The number of slots.</summary>
    public int Capacity { get; }

    /// <summary>The worker's index in its server.</summary>
    public int WorkerIndex { get; }

    /// <summary>Where other threads leave what they want of this worker's connections.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>The slots in use, those included that wait for their last completions.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all slots are taken.</summary>
    public bool IsFull => _freeHead == Slot.None && _used == Capacity;

    /// <summary>The slots ever used: all above are untouched.</summary>
    public int UsedSlots => _used;

    /// <summary>What the last violation of the framing was; the worker reads it right after.</summary>
    public ProtocolError Rejection { get; private set; }

    /// <summary>What the callback threw whose connection is being closed; null otherwise.</summary>
    public Exception? Fault { get; set; }

    public SegmentPool Segments { get; }

    public CarryPool Carries { get; }

    public ConnectionLimits Limits => _limits;

    /// <summary>
    /// Whether a connection that needed little memory was refused it, or got it from what is set aside.
    /// </summary>
    public bool IsPressed
    {
        get => Segments.IsPressed | Carries.IsPressed;
        set => Segments.IsPressed = Carries.IsPressed = value;
    }

    /// <summary>Whether a connection needs attention before the worker may wait.</summary>
    public bool HasPending => _pendingHead != Slot.None;

    // SAFETY: the slab is mapped until Dispose, and indices come from Allocate or are checked by the caller.
    public ref Slot this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Debug.Assert((uint)index < (uint)Capacity);
            return ref _slots[index];
        }
    }

    /// <summary>The slot's index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(ref Slot slot) =>
        (int)(((byte*)Unsafe.AsPointer(ref slot) - (byte*)_slots) / Slot.Bytes);

    /// <summary>The monotonic clock in milliseconds, as it was when the turn began.</summary>
    public long NowMs { get; private set; } = MonotonicClock.NowMs;

    /// <summary>Begins a turn of the worker's loop.</summary>
    public void BeginTurn(long nowMs)
    {
        NowMs = nowMs;
        _offeredLength = 0;

        // With little memory left, connections are held back as soon as the low watermark lets them go on.
        _highWatermark = _budget.IsTight && !_limits.KeepsReading
            ? Math.Min(_limits.HighWatermark, _limits.LowWatermark + 1)
            : _limits.HighWatermark;
    }

    /// <summary>Takes a free slot for a socket that was accepted at one of the server's addresses.</summary>
    /// <returns>The slot's index, or <see cref="Slot.None"/> when all are taken.</returns>
    public int Allocate(int fd, byte address = 0)
    {
        int index = _freeHead;
        if (index != Slot.None)
        {
            _freeHead = _slots[index].NextPending;
        }
        else if (_used < Capacity)
        {
            index = _used++;
            _slots[index].Generation = 1;
        }
        else
        {
            return Slot.None;
        }

        ref Slot slot = ref _slots[index];
        slot.Fd = fd;
        slot.NextPending = Slot.None;
        slot.NextStarved = Slot.None;
        slot.Flags = SlotFlags.None;
        slot.Reason = 0;
        slot.Address = address;
        Count++;
        return index;
    }

    /// <summary>Gives a slot back. Nothing of it may be in flight or in a list.</summary>
    public void Free(int index)
    {
        ref Slot slot = ref _slots[index];
        if (slot.InFlight != 0)
        {
            throw new InvalidOperationException($"Slot {index} has {slot.InFlight} operations in flight.");
        }

        slot.Outbound.Clear(Segments);
        slot.Inbound.Clear(Carries);
        if ((slot.Flags & SlotFlags.Held) != 0)
        {
            _holdCounts[index] = 0;
        }

        slot.Fd = -1;
        slot.Flags = SlotFlags.None;
        slot.Generation = slot.Generation == uint.MaxValue ? 1 : slot.Generation + 1;
        slot.NextPending = _freeHead;
        _freeHead = index;
        Count--;
    }

    /// <summary>Notes that a connection needs attention. At most once in the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPending(ref Slot slot)
    {
        if ((slot.Flags & SlotFlags.Pending) != 0)
        {
            return;
        }

        slot.Flags |= SlotFlags.Pending;
        slot.NextPending = Slot.None;
        int index = IndexOf(ref slot);
        if (_pendingTail == Slot.None)
        {
            _pendingHead = index;
        }
        else
        {
            _slots[_pendingTail].NextPending = index;
        }

        _pendingTail = index;
    }

    /// <summary>Takes the whole list; what is added from now on is the next turn's.</summary>
    /// <returns>The first slot; the others follow by <see cref="Slot.NextPending"/>.</returns>
    public int TakePending()
    {
        int head = _pendingHead;
        _pendingHead = Slot.None;
        _pendingTail = Slot.None;
        return head;
    }

    /// <summary>Queues bytes to be sent at the end of the turn.</summary>
    /// <returns>
    /// Whether they were queued: not when the connection is closing or the limit is reached.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if ((slot.Flags & SlotFlags.Unwritable) != 0
            || (uint)data.Length > (uint)(_limits.MaxOutbound - slot.Outbound.Bytes)
            || !slot.Outbound.TryAppend(Segments, data))
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
    /// Makes sure that several writes, of so many bytes together, are queued all. When they cannot be, that
    /// is treated as one write that cannot.
    /// </summary>
    public bool Reserve(ref Slot slot, int bytes)
    {
        if ((slot.Flags & SlotFlags.Unwritable) == 0
            && (uint)bytes <= (uint)(_limits.MaxOutbound - slot.Outbound.Bytes)
            && slot.Outbound.TryEnsure(Segments, bytes))
        {
            return true;
        }

        slot.Flags |= SlotFlags.Overflowed;
        RefuseWrite(ref slot);
        return false;
    }

    /// <summary>As <see cref="TryWrite"/>; a write beyond the limit closes the connection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (!TryWrite(ref slot, data))
        {
            RefuseWrite(ref slot);
        }
    }

    /// <summary>Closes a connection when what it wrote is sent.</summary>
    public void Close(ref Slot slot, CloseReason reason)
    {
        if ((slot.Flags & SlotFlags.WriteBroken) != 0)
        {
            // Not everything went out: this is no end in order.
            Abort(ref slot, CloseReason.Reset);
        }
        else if ((slot.Flags & (SlotFlags.Ending | SlotFlags.CloseDue)) == 0)
        {
            // An answer that is due is waited for, and can be written until then.
            slot.Flags |= (slot.Flags & SlotFlags.Held) != 0 ? SlotFlags.CloseDue : SlotFlags.Draining;
            slot.Reason = reason;
            AddPending(ref slot);
        }
    }

    /// <summary>Pauses reading until it is resumed.</summary>
    public void PauseReading(ref Slot slot)
    {
        if ((slot.Flags & SlotFlags.Ending) == 0)
        {
            slot.Flags = (slot.Flags & ~SlotFlags.Resumed) | SlotFlags.Paused;
            AddPending(ref slot);
        }
    }

    /// <summary>Lets reading go on, from the end of the turn.</summary>
    public void ResumeReading(ref Slot slot)
    {
        if ((slot.Flags & SlotFlags.Paused) != 0)
        {
            slot.Flags = (slot.Flags & ~SlotFlags.Paused) | SlotFlags.Resumed;
            AddPending(ref slot);
        }
    }

    /// <summary>Closes a connection without sending what it wrote.</summary>
    public void Abort(ref Slot slot, CloseReason reason)
    {
        if ((slot.Flags & (SlotFlags.Aborting | SlotFlags.Lingering | SlotFlags.Dead)) == 0)
        {
            slot.Flags |= SlotFlags.Aborting;
            slot.Reason = reason;
            AddPending(ref slot);
        }
    }

    /// <summary>Records that the peer broke the framing.</summary>
    public void Reject(ref Slot slot, ProtocolError error)
    {
        slot.Flags |= SlotFlags.Rejected;
        Rejection = error;
    }

    public void Dispose()
    {
        if (_slots is null)
        {
            return;
        }

        for (int i = 0; i < _used; i++)
        {
            _slots[i].Outbound.Clear(Segments);
            _slots[i].Inbound.Clear(Carries);
        }

        NativePages.Unmap(_slots, (nuint)Capacity * Slot.Bytes);
        _slots = null;
        Segments.Dispose();
        Carries.Dispose();
        Timers.Dispose();
        _holdCounts.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AfterWrite(ref Slot slot)
    {
        if (slot.Outbound.Bytes >= _highWatermark)
        {
            Congest(ref slot);
        }
        else if ((slot.Flags & SlotFlags.Sending) != 0)
        {
            // The completion of the send in flight goes on with these bytes.
            return;
        }

        AddPending(ref slot);
    }

    // Whoever was refused is told when there is room, also where the high watermark was not reached. Where
    // reading pauses, all has to go out first: then there is room for whatever can be written at all.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitRoom(ref Slot slot, int length)
    {
        if ((slot.Flags & SlotFlags.Unwritable) != 0
            || slot.Outbound.Bytes == 0
            || length > _limits.MaxOutbound)
        {
            return;
        }

        slot.Flags |= SlotFlags.Overflowed;
        if (!_limits.KeepsReading)
        {
            Congest(ref slot);
            AddPending(ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseWrite(ref Slot slot)
    {
        // What is written to a connection on its way out is dropped, as the peer would not see it.
        if ((slot.Flags & SlotFlags.Unwritable) != 0)
        {
            return;
        }

        if (_limits.DropsWrites)
        {
            DroppedWrites++;
        }
        else
        {
            Abort(ref slot, CloseReason.OutboundLimit);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Congest(ref Slot slot)
    {
        if ((slot.Flags & SlotFlags.Congested) == 0)
        {
            slot.Flags |= SlotFlags.Congested;
            slot.ReadMs = (uint)NowMs;
        }
    }
}
