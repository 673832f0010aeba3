using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// One connection's state, a cache line long. The handler's copy lies in the worker, beside it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Bytes)]
internal struct Slot
{
    public const int Bytes = 64;

    /// <summary>No slot: the end of a list.</summary>
    public const int None = -1;

    /// <summary>Written and not yet confirmed.</summary>
    public OutboundQueue Outbound;

    /// <summary>The next slot of the pending list, or of the free list.</summary>
    public int NextPending;

    /// <summary>Received and not yet consumed.</summary>
    public InboundCarry Inbound;

    /// <summary>Counts the connections that this slot has had; never 0 while one is in it.</summary>
    public uint Generation;

    public int Fd;

    /// <summary>The next slot of the list that the slot waits in: starved, or lingering.</summary>
    public int Next;

    /// <summary>The previous slot of the lingering list.</summary>
    public int Previous;

    /// <summary>When lingering ends, in milliseconds of the worker's clock; wraps.</summary>
    public uint LingerUntilMs;

    public SlotFlags Flags;

    /// <summary>Operations in flight: receive, send, cancellations. The slot is free only at 0.</summary>
    public byte InFlight;

    public CloseReason Reason;
}
