namespace Gain.Sessions;

/// <summary>What is true of a connection's session.</summary>
[Flags]
internal enum SessionFlags : ushort
{
    None = 0,

    /// <summary>It has begun and not ended.</summary>
    Live = 1 << 0,

    /// <summary>Its protocol has a framing.</summary>
    Framed = 1 << 1,

    /// <summary>The peer's FIN has come, and everything before it was delivered.</summary>
    InputEnded = 1 << 2,

    /// <summary>The server stops, and what had arrived before was delivered.</summary>
    Stopping = 1 << 3,

    /// <summary>The session was told that nothing more comes.</summary>
    ToldOfEnd = 1 << 4,

    /// <summary>The session was told of the stop by a delay, or by the wait for a message.</summary>
    ToldOfStop = 1 << 5,

    /// <summary>Bytes have come that it did not wait for: reading is paused until it does.</summary>
    PutOff = 1 << 6,

    /// <summary>OnClose: the connection is over.</summary>
    Over = 1 << 7,

    /// <summary>The server stops: nothing is delayed anymore, and no message waited for.</summary>
    Hastened = 1 << 8,

    /// <summary>Something else reads the connection in its place.</summary>
    Adapted = 1 << 9,
}
