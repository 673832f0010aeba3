using System.ComponentModel;

namespace Gain.CompilerServices;

/// <summary>What a completion completes: the top byte of its user_data (see <see cref="Token"/>).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum Operation : byte
{
    /// <summary>No operation of a worker's.</summary>
    None = 0,

    /// <summary>The multishot accept of a listener; the slot field holds the listener's index.</summary>
    Accept = 1,

    /// <summary>The multishot receive of a connection.</summary>
    Receive = 2,

    /// <summary>The one send in flight of a connection.</summary>
    Send = 3,

    /// <summary>The cancellation of a connection's receive.</summary>
    CancelReceive = 4,

    /// <summary>The cancellation of a connection's send.</summary>
    CancelSend = 5,

    /// <summary>
    /// The cancellation of a listener's accept or of its receive of datagrams, whose own end is ignored: that
    /// of the target says how it went. The slot field holds the listener's index.
    /// </summary>
    CancelIgnored = 6,

    /// <summary>Another thread woke the worker.</summary>
    Wake = 7,

    /// <summary>The multishot receive of datagrams; the slot field holds the listener's index.</summary>
    Datagram = 8,

    /// <summary>The wait for room to send datagrams; the slot field holds the listener's index.</summary>
    DatagramRoom = 9,

    /// <summary>The wait for the reset of a connection that reading is paused for.</summary>
    HangUp = 10,

    /// <summary>The cancellation of that wait.</summary>
    CancelHangUp = 11,

    /// <summary>The connect of a connection that was dialled.</summary>
    Connect = 12,

    /// <summary>The cancellation of the connect.</summary>
    CancelConnect = 13,

    /// <summary>The connect to one of a name's addresses; the slot field holds the attempt's
    /// number.</summary>
    Attempt = 14,

    /// <summary>The cancellation of that connect.</summary>
    CancelAttempt = 15,

    /// <summary>Another worker's ring, or the acceptor's, woke the worker: mail has come.</summary>
    Mail = 16,

    /// <summary>The message that wakes another ring; the slot field holds its worker's index.</summary>
    SendMail = 17,

    /// <summary>The wait for something to arrive at a connection whose bytes the kernel moves.</summary>
    SpliceInput = 18,

    /// <summary>The wait for room at a connection that the kernel moves bytes to.</summary>
    SpliceRoom = 19,

    /// <summary>
    /// The multishot receive of a socket for datagrams that was dialled; the slot field holds its place, as
    /// for the next three.
    /// </summary>
    DialledDatagram = 20,

    /// <summary>The connect of such a socket.</summary>
    DialledConnect = 21,

    /// <summary>Its wait for room to send.</summary>
    DialledRoom = 22,

    /// <summary>The cancellation of its receive, or of its wait.</summary>
    CancelDialled = 23,
}
