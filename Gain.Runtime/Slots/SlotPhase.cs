namespace Gain.Slots;

/// <summary>How far a connection is on its way out. It never goes back.</summary>
internal enum SlotPhase
{
    /// <summary>It receives and sends.</summary>
    Open,

    /// <summary>It was dialled and is not up yet: what is written waits.</summary>
    Connecting,

    /// <summary>
    /// To be closed when all outbound bytes are sent; nothing is delivered or accepted anymore.
    /// </summary>
    Draining,

    /// <summary>To be closed at once.</summary>
    Aborting,

    /// <summary>
    /// Our FIN is sent, OnClose is done: reads and drops until the peer's FIN or the deadline.
    /// </summary>
    Lingering,

    /// <summary>OnClose is called, or done; the slot waits for its last completions.</summary>
    Ended,
}
