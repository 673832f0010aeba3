namespace Gain.Mail;

/// <summary>What another thread wants of a connection.</summary>
internal enum CommandKind : byte
{
    Close = 1,
    Abort = 2,

    /// <summary>Bytes to be written, in a native block beside the letter.</summary>
    Send = 3,

    /// <summary>A message for <c>OnMessage</c>, which lies beside the letter.</summary>
    Message = 4,

    /// <summary>Reading goes on.</summary>
    ResumeReading = 5,

    /// <summary>
    /// An accepted socket to serve: the slot is its descriptor, the generation the index of its listener.
    /// </summary>
    Accepted = 6,

    /// <summary>
    /// Bytes to be written that are an answer, which is no longer due then; in front of them, which one.
    /// </summary>
    Answer = 9,

    /// <summary>
    /// A datagram for one of the worker's sockets, which the slot names: its target and its payload lie in a
    /// native block beside the letter, and the generation is the length of the target.
    /// </summary>
    Datagram = 8,
}
