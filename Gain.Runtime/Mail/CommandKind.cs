namespace Gain.Mail;

/// <summary>What another thread wants of a worker.</summary>
internal enum CommandKind : byte
{
    /// <summary>Nothing: what takes the places of a mailbox that has ended.</summary>
    None = 0,

    Close = 1,
    Abort = 2,

    /// <summary>Bytes to be written, in a native block beside the command.</summary>
    Send = 3,

    /// <summary>A message for <c>OnMessage</c>, which lies beside the command.</summary>
    Message = 4,

    /// <summary>Reading goes on.</summary>
    ResumeReading = 5,

    /// <summary>An accepted socket to serve.</summary>
    Accepted = 6,

    /// <summary>
    /// Bytes to be written that are an answer, which is no longer due then; in front of them, which one.
    /// </summary>
    Answer = 9,

    /// <summary>
    /// A datagram for one of the worker's sockets to send: its target and its payload lie in a native block
    /// beside the command.
    /// </summary>
    Datagram = 8,

    /// <summary>A connection to be dialled; where to lies in the worker's queue.</summary>
    Dial = 10,

    /// <summary>
    /// A datagram for the peer of a socket that was dialled: its payload, behind one byte that means nothing,
    /// lies in a native block beside the command.
    /// </summary>
    DatagramToPeer = 11,

    /// <summary>A socket for datagrams that was dialled ends.</summary>
    CloseDatagrams = 12,
}
