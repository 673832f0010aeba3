namespace Gain.Slots;

/// <summary>
/// What can be in flight of a connection, each once. The number is that of its bit in
/// <see cref="SlotFlags"/>, and a cancellation's is its target's and four.
/// </summary>
internal enum SlotOperation
{
    /// <summary>The multishot receive.</summary>
    Receive = 0,

    /// <summary>The send.</summary>
    Send = 1,

    /// <summary>The wait for the peer's reset.</summary>
    HangUp = 2,

    /// <summary>
    /// The dial: from its beginning on, whatever it waits for, until the connection is up or has failed.
    /// </summary>
    Connect = 3,

    /// <summary>The cancellation of the receive.</summary>
    CancelReceive = 4,

    /// <summary>The cancellation of the send.</summary>
    CancelSend = 5,

    /// <summary>The cancellation of the wait.</summary>
    CancelHangUp = 6,

    /// <summary>The cancellation of the connect.</summary>
    CancelConnect = 7,
}
