namespace Gain.Slots;

/// <summary>
/// What can be in flight of a connection, each once. The number is that of its bit in
/// <see cref="SlotFlags"/>, and a cancellation's is its target's and three.
/// </summary>
internal enum SlotOperation
{
    /// <summary>The multishot receive.</summary>
    Receive = 0,

    /// <summary>The send.</summary>
    Send = 1,

    /// <summary>The wait for the peer's reset.</summary>
    HangUp = 2,

    /// <summary>The cancellation of the receive.</summary>
    CancelReceive = 3,

    /// <summary>The cancellation of the send.</summary>
    CancelSend = 4,

    /// <summary>The cancellation of the wait.</summary>
    CancelHangUp = 5,
}
