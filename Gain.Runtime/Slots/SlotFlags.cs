namespace Gain.Slots;

/// <summary>The state of a slot. Several hold at once. <see cref="Slot"/> alone names them.</summary>
[Flags]
internal enum SlotFlags : uint
{
    None = 0,

    // What is in flight: see SlotOperation.
    Receiving = 1 << SlotOperation.Receive,
    Sending = 1 << SlotOperation.Send,
    AwaitingHangUp = 1 << SlotOperation.HangUp,
    Connecting = 1 << SlotOperation.Connect,
    CancelingReceive = 1 << SlotOperation.CancelReceive,
    CancelingSend = 1 << SlotOperation.CancelSend,
    CancelingHangUp = 1 << SlotOperation.CancelHangUp,
    CancelingConnect = 1 << SlotOperation.CancelConnect,

    // The phase: at most one of these, and none while the connection is open. See SlotPhase.
    Draining = 1 << 8,
    Aborting = 1 << 9,
    Lingering = 1 << 10,
    Ended = 1 << 11,

    /// <summary>The slot waits in the table's pending list.</summary>
    Pending = 1 << 12,

    /// <summary>The slot waits in the worker's list of receives that found no buffer.</summary>
    Starved = 1 << 13,

    /// <summary>Outbound bytes reached the high watermark and have not fallen to the low one.</summary>
    Congested = 1 << 14,

    /// <summary>
    /// A write was refused. If congested, too, the connection stays so until all outbound bytes are gone.
    /// </summary>
    Overflowed = 1 << 15,

    /// <summary>The handler has paused reading.</summary>
    Paused = 1 << 16,

    /// <summary>The handler lets reading go on, and what was held is not delivered yet.</summary>
    ResumePending = 1 << 17,

    /// <summary>The peer's FIN arrived.</summary>
    ReadClosed = 1 << 18,

    /// <summary>The protocol was told of the peer's FIN, or the connection was closed for it.</summary>
    ReadClosedHandled = 1 << 19,

    /// <summary>The peer has reset the connection, and the receive has said so.</summary>
    PeerReset = 1 << 20,

    /// <summary>
    /// Nothing more may be written, and reading goes on: a send failed because the peer is gone, or the
    /// handler has ended its side. <see cref="Slot.IsHalfClosed"/> tells which.
    /// </summary>
    WriteEnded = 1 << 21,

    /// <summary>The framing was violated, and OnProtocolError is due.</summary>
    Rejected = 1 << 22,

    /// <summary>Answers are due, for which a close waits.</summary>
    Held = 1 << 23,

    /// <summary>
    /// To be closed when no answer is due anymore; nothing is delivered until then, but answers are sent.
    /// </summary>
    CloseDue = 1 << 24,

    /// <summary>
    /// The server stops, and what had arrived before is delivered: to be closed if nothing is left.
    /// </summary>
    StopDue = 1 << 25,

    /// <summary>The peer has sent something: its next deadline is that of an idle connection.</summary>
    HasReceived = 1 << 26,

    /// <summary>The deadline for what the peer sends, or for its FIN, is armed.</summary>
    ReadTimed = 1 << 27,

    /// <summary>The deadline for the send in flight is armed.</summary>
    SendTimed = 1 << 28,

    /// <summary>A layer lies between the socket and the protocol.</summary>
    Layered = 1 << 29,

    /// <summary>That layer sets the connection up: its handler does not know of it yet.</summary>
    Starting = 1 << 30,

    /// <summary>What it receives is sent to another connection, and that one's to it.</summary>
    Coupled = 1u << 31,

    /// <summary>Anything is in flight.</summary>
    InFlight = Receiving | Sending | AwaitingHangUp | Connecting
        | CancelingReceive | CancelingSend | CancelingHangUp | CancelingConnect,

    /// <summary>Reading is paused, by the handler or because the peer does not read.</summary>
    ReadPaused = Congested | Paused,

    /// <summary>The connection is on its way out, whatever else holds.</summary>
    Ending = Draining | Aborting | Lingering | Ended,

    /// <summary>Nothing that arrives is delivered.</summary>
    Undeliverable = ReadPaused | ResumePending | Ending | Rejected | CloseDue | Coupled,

    /// <summary>
    /// What arrives is not delivered as it is, and at once; or has a deadline of its own, for the peer's FIN.
    /// </summary>
    NotDeliveredAsItIs = Undeliverable | Layered | WriteEnded,

    /// <summary>Nothing more may be written.</summary>
    Unwritable = Ending | WriteEnded,

    /// <summary>
    /// No receive is armed. While a cancellation is in flight as well: it is on its way to the receive
    /// before, and whether it hit that one or the next would not be known.
    /// </summary>
    NoReceive = Receiving | CancelingReceive | ReadClosed | Starved | ReadPaused | Aborting | Ended,

    /// <summary>The peer's FIN is not acted on yet, or was already.</summary>
    NoReadClosed = ReadClosedHandled | ReadPaused | ResumePending | Ending | CloseDue,
}
