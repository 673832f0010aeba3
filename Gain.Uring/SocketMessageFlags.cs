namespace Gain.Uring;

/// <summary>How data is sent or received (<c>MSG_*</c>, send(2), recv(2)).</summary>
[Flags]
public enum SocketMessageFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Out-of-band data.</summary>
    OutOfBand = 0x1,

    /// <summary>What is received stays to be received again.</summary>
    Peek = 0x2,

    /// <summary>Sends to directly connected hosts only.</summary>
    DontRoute = 0x4,

    /// <summary>Of a received message: control data did not fit.</summary>
    ControlTruncated = 0x8,

    /// <summary>
    /// The result is the length of a datagram, also when it was cut; of a received message: it was cut.
    /// </summary>
    Truncated = 0x20,

    /// <summary>EAGAIN instead of a wait.</summary>
    DontWait = 0x40,

    /// <summary>Ends a record (SCTP, Unix sequenced packets).</summary>
    EndOfRecord = 0x80,

    /// <summary>
    /// Goes on until all is sent or received; then a short result means an end or an error.
    /// </summary>
    WaitAll = 0x100,

    /// <summary>Tells the path that the peer's packets come by is good (MSG_CONFIRM).</summary>
    Confirm = 0x800,

    /// <summary>Receives from the socket's error queue.</summary>
    ErrorQueue = 0x2000,

    /// <summary>EPIPE without the signal SIGPIPE, which ends a process that does not ignore it.</summary>
    NoSignal = 0x4000,

    /// <summary>More follows at once: the kernel may wait for it before it sends.</summary>
    More = 0x8000,

    /// <summary>TCP Fast Open: connects with the data.</summary>
    FastOpen = 0x2000_0000,

    /// <summary>Descriptors that come with the message are closed on exec(2).</summary>
    CloseOnExec = 0x4000_0000,
}
