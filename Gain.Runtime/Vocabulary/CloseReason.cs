namespace Gain;

/// <summary>Why a connection ended; given to <c>OnClose</c>.</summary>
public enum CloseReason : byte
{
    /// <summary>No reason: the value of a field that was never set. No connection ends with it.</summary>
    None = 0,

    /// <summary>The handler called <c>Connection.Close</c>; what it had sent went out first.</summary>
    Local = 1,

    /// <summary>The peer closed its side (FIN), and what was pending went out first.</summary>
    PeerClosed = 2,

    /// <summary>The peer reset the connection, or vanished while data was sent to it.</summary>
    Reset = 3,

    /// <summary>The peer broke the declared framing.</summary>
    ProtocolError = 4,

    /// <summary>
    /// A callback threw; <c>Connection.Fault</c> holds the exception during <c>OnClose</c>.
    /// </summary>
    HandlerFault = 5,

    /// <summary>The server stopped; what was pending went out first.</summary>
    ServerStopped = 6,

    /// <summary>The handler called <c>Connection.Abort</c>, or a stop's deadline passed.</summary>
    Aborted = 7,

    /// <summary>More was written than <c>GainOptions.Limits.MaxOutboundBytes</c> allows.</summary>
    OutboundLimit = 8,

    /// <summary>
    /// <c>OnRead</c> left more bytes unconsumed than <c>GainOptions.Limits.MaxUnconsumedBytes</c> allows.
    /// </summary>
    InboundLimit = 9,

    /// <summary>The socket failed in another way; the error was counted and logged.</summary>
    SocketError = 10,

    /// <summary>No byte came within <c>GainOptions.Timeouts.FirstByte</c> of the accept.</summary>
    FirstByteTimeout = 11,

    /// <summary>Nothing came for <c>GainOptions.Timeouts.Idle</c>.</summary>
    IdleTimeout = 12,

    /// <summary>The peer took nothing of what was sent for <c>GainOptions.Timeouts.Send</c>.</summary>
    SendTimeout = 13,

    /// <summary>
    /// The connection was as old as <c>GainOptions.Timeouts.Lifetime</c>; what was pending went out.
    /// </summary>
    LifetimeReached = 14,

    /// <summary>
    /// Gain itself failed while it served the connection. It is a defect of Gain, which ended only this
    /// connection. It was counted in <c>GainStatistics.EngineFaults</c> and logged; <c>Connection.Fault</c>
    /// holds the exception.
    /// </summary>
    EngineFault = 15,

    /// <summary>
    /// The peer's FIN came without TLS's own end of the data (close_notify): the peer left it out, or
    /// somebody on the way cut off the rest of the data. Pending output went out first.
    /// </summary>
    Truncated = 16,

    /// <summary>
    /// The handler had ended its side (<c>Connection.ShutdownWrite</c>), and the peer neither sent anything
    /// nor ended its own for <c>GainOptions.Timeouts.HalfClose</c>.
    /// </summary>
    HalfCloseTimeout = 17,

    /// <summary>
    /// The connection that it was coupled with (<c>Connection.Couple</c>) has ended: what that one had sent
    /// went out first, unless it was cut off.
    /// </summary>
    Coupled = 18,

    /// <summary>
    /// The handler has given the connection back (<c>Connection.Return</c>): it is over for this handler, and
    /// its socket is kept for the next.
    /// </summary>
    Returned = 19,

    /// <summary>
    /// More messages waited for the session than <c>GainOptions.Limits.MaxMessagesWaiting</c> allows.
    /// </summary>
    InboxLimit = 20,
}
