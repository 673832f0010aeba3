namespace Gain.Slots;

/// <summary>The timers that each slot has in its worker's wheel: slot × 4 + one of these.</summary>
internal enum SlotTimer
{
    /// <summary>
    /// What the peer is to send: its first byte, its next ones, or, while lingering, its FIN.
    /// </summary>
    Read = 0,

    /// <summary>The timer that the handler set.</summary>
    User = 1,

    /// <summary>The connection's lifetime.</summary>
    Lifetime = 2,

    /// <summary>The progress of the send in flight; while it is dialled, the next address of its
    /// name.</summary>
    Send = 3,
}
