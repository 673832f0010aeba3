using System.Runtime.InteropServices;
using Gain.Memory;

namespace Gain.Slots;

/// <summary>
/// One connection's state, a cache line long. The handler's copy lies in the worker, beside it.
/// </summary>
/// <remarks>
/// The other parts: its phase (<c>Slot.Phases.cs</c>), what is in flight (<c>Slot.InFlight.cs</c>), and what
/// has happened to it (<c>Slot.State.cs</c>). Fields are here alone, in the order in which they lie.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Bytes)]
internal partial struct Slot
{
    public const int Bytes = 64;

    /// <summary>
    /// The descriptor of a dial that could have no socket: none that a process can have, and yet not that of
    /// a free slot.
    /// </summary>
    public const int NoSocket = int.MaxValue;

    /// <summary>No slot: the end of a list.</summary>
    public const int None = -1;

    /// <summary>Written and not yet confirmed.</summary>
    public OutboundQueue Outbound;

    /// <summary>The next slot of the pending list, or of the free list.</summary>
    public int NextPending;

    /// <summary>Received and not yet consumed.</summary>
    public InboundCarry Inbound;

    //        7             6               5         4      0
    // +-------------+----------------+-------------+----------+
    // | half closed | silence probed | send probed |  reason  |
    // +-------------+----------------+-------------+----------+
    //
    // Send probed without a send, and half closed: FIN is sent.
    private byte _marks;

    /// <summary>
    /// Which of the server's addresses the connection came in by, or which of its dials it is of.
    /// </summary>
    public byte Address;

    /// <summary>What the listener that it came in by was given when it was added.</summary>
    public byte Tag;

    // Everything that is true of the connection, in one word, so that what several of it decide is one test.
    private SlotFlags _flags;

    /// <summary>Counts the connections that this slot has had; never 0 while one is in it.</summary>
    public uint Generation;

    public int Fd;

    /// <summary>The next slot of the list of starved receives, if the slot waits in it.</summary>
    public int NextStarved;

    /// <summary>
    /// When bytes last came in, or reading was paused or went on; milliseconds of the worker's clock, which
    /// wrap. Kept only where a deadline or a measurement needs it.
    /// </summary>
    public uint ReadMs;

    /// <summary>When the send in flight was armed; as <see cref="ReadMs"/>.</summary>
    public uint SendMs;
}
