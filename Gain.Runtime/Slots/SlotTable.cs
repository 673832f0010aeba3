using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;

namespace Gain.Slots;

/// <summary>
/// One worker's connections: the slab of slots, the pools that what they hold comes from and goes back to,
/// and the list of those that need the worker's attention before it waits again. What a callback does to its
/// connection is recorded here; the worker carries it out at the end of its turn.
/// </summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal sealed unsafe partial class SlotTable : IDisposable
{
    // For beginnings of frames, 16 to 256 of them, when clients have filled the rest.
    private const long SetAsideForCarries = 16 * CarryPool.MaxSmallBytes;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private Slot* _slots;
    private SlotList<PendingLink> _free = new();
    private SlotList<PendingLink> _pending = new();
    private int _used;

    /// <summary>Reserves the slab. Its pages take memory only when their slots are first used.</summary>
    public SlotTable(
        int capacity,
        int workerIndex,
        Mailbox mailbox,
        MemoryBudget budget,
        int maxHolds = 16,
        int awayHolds = 0,
        int moreTimers = 0)
    {
        Capacity = capacity;
        Segments = new SegmentPool(budget);
        Carries = new CarryPool(budget, CloseReason.InboundLimit, SetAsideForCarries);
        WorkerIndex = workerIndex;
        Mailbox = mailbox;
        _slots = (Slot*)NativePages.Map((nuint)capacity * Slot.Bytes);
        Timers = new TimerWheel(FirstOwnTimer + OwnTimers + moreTimers);
        Holds = new HoldTable(maxHolds + awayHolds, mailbox, awayHolds);
        _holdCounts = new SlotNumbers(capacity);
        _partners = new SlotNumbers(capacity);
        _tags = new SlotNumbers(capacity);
    }

    /// <summary>Frames handed to OnFrame. Written by the worker's thread only; others may read.</summary>
    public long Frames;

    /// <summary>The number of slots.</summary>
    public int Capacity { get; }

    /// <summary>The worker's index in its server.</summary>
    public int WorkerIndex { get; }

    /// <summary>Where other threads leave what they want of this worker's connections.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>The slots in use, those included that wait for their last completions.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all slots are taken.</summary>
    public bool IsFull => _free.IsEmpty && _used == Capacity;

    /// <summary>The slots ever used: all above are untouched.</summary>
    public int UsedSlots => _used;

    /// <summary>What the last violation of the framing was; the worker reads it right after.</summary>
    public ProtocolError Rejection { get; private set; }

    /// <summary>What the callback threw whose connection is being closed; null otherwise.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How connections of this worker dial; null where the server was given nothing to.</summary>
    public OutgoingDoor? Outgoing { get; set; }

    public SegmentPool Segments { get; }

    public CarryPool Carries { get; }

    /// <summary>
    /// Whether a connection that needed little memory was refused it, or got it from what is set aside.
    /// </summary>
    public bool IsPressed
    {
        get => Segments.IsPressed | Carries.IsPressed;
        set => Segments.IsPressed = Carries.IsPressed = value;
    }

    /// <summary>Whether a connection needs attention before the worker may wait.</summary>
    public bool HasPending => !_pending.IsEmpty;

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
        Turns++;
    }

    /// <summary>The turns that have begun; it wraps.</summary>
    public uint Turns { get; private set; }

    /// <summary>Takes a free slot for a socket that was accepted at one of the server's addresses.</summary>
    /// <returns>The slot's index, or <see cref="Slot.None"/> when all are taken.</returns>
    public int Allocate(int fd, byte address = 0, byte tag = 0)
    {
        int index = _free.TakeFirst(this);
        if (index == Slot.None && _used < Capacity)
        {
            index = _used++;
            _slots[index].Generation = 1;
        }

        if (index != Slot.None)
        {
            _slots[index].Open(fd, address);
            if (_hasTags || tag != 0)
            {
                SetTag(index, tag);
            }

            Count++;
        }

        return index;
    }

    /// <summary>Gives a slot back. Nothing of it may be in flight or in a list.</summary>
    public void Free(int index)
    {
        ref Slot slot = ref _slots[index];
        bool wasHeld = slot.IsHeld;
        slot.Vacate(index);
        slot.Outbound.Clear(Segments);
        slot.Inbound.Clear(Carries);
        if (wasHeld)
        {
            _holdCounts[index] = 0;
        }

        _free.AddFirst(this, index);
        Count--;
    }

    /// <summary>Notes that a connection needs attention. At most once in the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPending(ref Slot slot)
    {
        if (slot.IsPending)
        {
            return;
        }

        slot.IsPending = true;
        _pending.AddLast(this, IndexOf(ref slot));
    }

    /// <summary>Takes the whole list; what is added from now on is the next turn's.</summary>
    /// <returns>The first slot; the others follow by <see cref="Slot.NextPending"/>.</returns>
    public int TakePending() => _pending.TakeAll();

    /// <summary>Closes a connection when what it wrote is sent.</summary>
    public void Close(ref Slot slot, CloseReason reason)
    {
        if (reason == CloseReason.Local)
        {
            // Also where it ends by something else, before what it wrote is sent.
            Outgoing?.EndRedial(IndexOf(ref slot));
        }

        if (slot.IsWriteBroken)
        {
            // Not everything went out: this is no end in order.
            Abort(ref slot, CloseReason.Reset);
        }
        else if (slot.MayClose)
        {
            // An answer that is due is waited for, and can be written until then.
            if (slot.IsHeld)
            {
                slot.IsCloseDue = true;
            }
            else
            {
                slot.BeginDraining();
            }

            slot.Reason = reason;
            AddPending(ref slot);
            if (slot.IsCoupled && slot.IsDraining)
            {
                ClosePartner(ref slot);
            }
        }
    }

    /// <summary>Pauses reading until it is resumed.</summary>
    public void PauseReading(ref Slot slot)
    {
        if (!slot.IsEnding)
        {
            slot.Pause();
            AddPending(ref slot);
        }
    }

    /// <summary>Lets reading go on, from the end of the turn.</summary>
    public void ResumeReading(ref Slot slot)
    {
        if (slot.IsPausedByHandler)
        {
            slot.Resume();
            AddPending(ref slot);
        }
    }

    /// <summary>Closes a connection without sending what it wrote.</summary>
    public void Abort(ref Slot slot, CloseReason reason)
    {
        if (!slot.IsBeyondDraining)
        {
            slot.BeginAborting();
            slot.Reason = reason;
            AddPending(ref slot);
        }
        else if (reason == CloseReason.Aborted)
        {
            Outgoing?.EndRedial(IndexOf(ref slot));
        }
    }

    /// <summary>Records that the peer broke the framing.</summary>
    public void Reject(ref Slot slot, ProtocolError error)
    {
        slot.Reject();
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
        _partners.Dispose();
        _tags.Dispose();
    }
}
