namespace Gain.Slots;

/// <summary>The state of a slot. Several hold at once.</summary>
[Flags]
internal enum SlotFlags : uint
{
    None = 0,

    /// <summary>The multishot receive is in flight.</summary>
    Receiving = 1 << 0,

    /// <summary>A cancellation of the receive is in flight.</summary>
    CancelingReceive = 1 << 1,

    /// <summary>A send is in flight: never more than one.</summary>
    Sending = 1 << 2,

    /// <summary>The slot waits in the table's pending list.</summary>
    Pending = 1 << 3,

    /// <summary>The slot waits in the worker's list of receives that found no buffer.</summary>
    Starved = 1 << 4,

    /// <summary>Outbound bytes reached the high watermark and have not fallen to the low one.</summary>
    Congested = 1 << 5,

    /// <summary>The peer's FIN arrived.</summary>
    ReadClosed = 1 << 6,

    /// <summary>
    /// To be closed when all outbound bytes are sent; nothing is delivered or accepted anymore.
    /// </summary>
    Draining = 1 << 7,

    /// <summary>To be closed at once.</summary>
    Aborting = 1 << 8,

    /// <summary>
    /// Our FIN is sent, OnClose is done: reads and drops until the peer's FIN or the deadline.
    /// </summary>
    Lingering = 1 << 9,

    /// <summary>OnClose is done; the slot waits for its last completions.</summary>
    Ended = 1 << 10,

    /// <summary>The framing was violated, and OnProtocolError is due.</summary>
    Rejected = 1 << 11,

    /// <summary>A send failed because the peer is gone; what arrived before is still read.</summary>
    WriteBroken = 1 << 12,

    /// <summary>The protocol was told of the peer's FIN, or the connection was closed for it.</summary>
    ReadClosedHandled = 1 << 13,

    /// <summary>A cancellation of the send is in flight.</summary>
    CancelingSend = 1 << 14,

    /// <summary>The peer has sent something: its next deadline is that of an idle connection.</summary>
    HasReceived = 1 << 15,

    /// <summary>The deadline for the send in flight is armed.</summary>
    SendTimed = 1 << 16,

    /// <summary>The send is being cancelled to see whether it made progress.</summary>
    SendProbed = 1 << 17,

    /// <summary>The deadline for what the peer sends, or for its FIN, is armed.</summary>
    ReadTimed = 1 << 18,

    /// <summary>
    /// A write was refused. If congested, too, the connection stays so until all outbound bytes are gone.
    /// </summary>
    Overflowed = 1 << 19,

    /// <summary>The handler has paused reading.</summary>
    Paused = 1 << 20,

    /// <summary>The handler lets reading go on, and what was held is not delivered yet.</summary>
    ResumePending = 1 << 21,

    /// <summary>The peer has reset the connection, and the receive has said so.</summary>
    PeerReset = 1 << 22,

    /// <summary>
    /// The peer has been silent for as long as it may: it is over if nothing has come by the next look.
    /// </summary>
    SilenceProbed = 1 << 28,

    /// <summary>The server stops, and what had arrived before is delivered: to be closed if nothing is
    /// left.</summary>
    StopDue = 1 << 23,

    /// <summary>The wait for the peer's reset is in flight.</summary>
    AwaitingHangUp = 1 << 24,

    /// <summary>A cancellation of that wait is in flight.</summary>
    CancelingHangUp = 1 << 25,

    /// <summary>Answers are due, for which a close waits.</summary>
    Held = 1 << 26,

    /// <summary>
    /// To be closed when no answer is due anymore; nothing is delivered until then, but answers are sent.
    /// </summary>
    CloseDue = 1 << 27,

    /// <summary>Reading is paused, by the handler or because the peer does not read.</summary>
    ReadPaused = Congested | Paused,

    /// <summary>Nothing that arrives is delivered.</summary>
    Undeliverable =
        ReadPaused | ResumePending | Draining | Aborting | Lingering | Ended | Rejected | CloseDue,

    /// <summary>Nothing more may be written.</summary>
    Unwritable = Draining | Aborting | Lingering | Ended | WriteBroken,

    /// <summary>The connection is on its way out, whatever else holds.</summary>
    Ending = Draining | Aborting | Lingering | Ended,
}
