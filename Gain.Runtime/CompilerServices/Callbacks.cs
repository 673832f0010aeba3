using System.ComponentModel;

namespace Gain.CompilerServices;

/// <summary>The callbacks that a protocol declares: the mask of what the worker has to do for it.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum Callbacks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>OnStart</c> is declared.</summary>
    Start = 1 << 0,

    /// <summary><c>OnAccept</c> is declared.</summary>
    Accept = 1 << 1,

    /// <summary><c>OnRead</c> is declared, returning <see langword="void"/>: all is consumed.</summary>
    Read = 1 << 2,

    /// <summary><c>OnRead</c> is declared, returning the number of bytes that it consumed.</summary>
    ReadPartial = 1 << 3,

    /// <summary><c>OnFrame</c> is declared, with a framing.</summary>
    Frame = 1 << 4,

    /// <summary><c>OnWrite</c> is declared.</summary>
    Write = 1 << 5,

    /// <summary><c>OnDrained</c> is declared.</summary>
    Drained = 1 << 6,

    /// <summary>
    /// <c>OnReadClosed</c> is declared: the peer's FIN does not close the connection by itself.
    /// </summary>
    ReadClosed = 1 << 7,

    /// <summary><c>OnProtocolError</c> is declared.</summary>
    ProtocolError = 1 << 8,

    /// <summary><c>OnClose</c> is declared.</summary>
    Close = 1 << 9,

    /// <summary><c>OnTimer</c> is declared.</summary>
    Timer = 1 << 10,

    /// <summary><c>OnDatagram</c> is declared.</summary>
    Datagram = 1 << 11,

    /// <summary><c>OnMessage</c> is declared.</summary>
    Message = 1 << 12,

    /// <summary>
    /// <c>OnStopping</c> is declared: a stop does not close the connection by itself before its deadline.
    /// </summary>
    Stopping = 1 << 13,

    /// <summary><c>OnConnect</c> is declared.</summary>
    Connect = 1 << 14,

    /// <summary><c>OnConnectFailed</c> is declared.</summary>
    ConnectFailed = 1 << 15,

    /// <summary>
    /// <c>OnSession</c> is declared: of the other callbacks, those that it awaits are its own.
    /// </summary>
    Session = 1 << 16,

    /// <summary><c>OnDatagramClosed</c> is declared.</summary>
    DatagramClosed = 1 << 17,
}
