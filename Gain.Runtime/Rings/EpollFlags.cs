namespace Gain.Rings;

/// <summary>What the epoll ring knows of a descriptor.</summary>
[Flags]
internal enum EpollFlags : uint
{
    None = 0,

    /// <summary>The epoll set has it.</summary>
    Registered = 1 << 0,

    /// <summary>Whether it is a TCP socket is known: it was asked, or its listener was.</summary>
    KnowsProtocol = 1 << 1,

    /// <summary>A TCP socket: a receive that does not fill its buffer has emptied it.</summary>
    ShortMeansEmpty = 1 << 2,

    /// <summary>There may be something to receive or accept: no call has said EAGAIN since.</summary>
    Readable = 1 << 3,

    /// <summary>
    /// The peer's end, an error or urgent data was reported, of which no further event may come: only EAGAIN
    /// tells that the socket is empty.
    /// </summary>
    Exceptional = 1 << 4,

    /// <summary>A send said EAGAIN, and no event has said since that there is room.</summary>
    WriteBlocked = 1 << 5,

    /// <summary>A multishot receive is armed.</summary>
    Receiving = 1 << 6,

    /// <summary>A multishot accept is armed.</summary>
    Accepting = 1 << 7,

    /// <summary>A send waits for room.</summary>
    Sending = 1 << 8,

    /// <summary>The rest of that send is a list of pieces.</summary>
    Gathered = 1 << 9,

    /// <summary>It is in the list of those to look at before the next wait.</summary>
    Listed = 1 << 10,

    /// <summary>A multishot receive of datagrams is armed.</summary>
    ReceivingDatagrams = 1 << 11,

    /// <summary>The datagrams are a Unix socket's; see <see cref="DatagramHead"/>.</summary>
    UnixNames = 1 << 12,

    /// <summary>A wait for room to send datagrams is armed.</summary>
    AwaitingRoom = 1 << 13,

    /// <summary>A wait for the socket's end is armed.</summary>
    AwaitingHangUp = 1 << 14,

    /// <summary>Both directions have ended.</summary>
    HungUp = 1 << 15,

    /// <summary>An error was reported.</summary>
    Failed = 1 << 16,

    /// <summary>A connect is on its way; its user_data is kept as that of a send.</summary>
    Connecting = 1 << 17,

    /// <summary>A wait for something to arrive is armed.</summary>
    AwaitingInput = 1 << 18,

    /// <summary>A listener that other rings wait at as well: a connection wakes one of them.</summary>
    Shared = 1 << 20,

    /// <summary>A shared listener has accepted since it was registered.</summary>
    HadTurn = 1 << 21,
}
