namespace Gain;

/// <summary>Why a datagram was not queued.</summary>
public enum DatagramFailure
{
    /// <summary>It was queued.</summary>
    None,

    /// <summary>
    /// The sender is a Unix socket without a name, which cannot be answered. It has to bind a name, or ask
    /// for one (autobind, see unix(7)). Or the handle or the address is the default value.
    /// </summary>
    NoAddress,

    /// <summary>
    /// The datagram is too long for the address: more than 65,507 bytes over IPv4, 65,527 over IPv6, or
    /// <c>GainOptions.Datagrams.MaxBacklogBytes</c>. Send less at once.
    /// </summary>
    TooLarge,

    /// <summary>
    /// The socket's send buffer has no room, and the datagrams that wait for it would exceed
    /// <c>GainOptions.Datagrams.MaxBacklogBytes</c>. The datagram is dropped, as networks drop datagrams, and
    /// counted.
    /// </summary>
    BacklogFull,

    /// <summary>
    /// The address and the socket are of different kinds: for example an IPv6 address, and a socket that
    /// listens on an IPv4 address.
    /// </summary>
    WrongFamily,

    /// <summary>
    /// The worker's mailbox is full: <c>GainOptions.Limits.MailboxCapacity</c> requests wait. The worker is
    /// behind; try again later. From a <see cref="DatagramHandle"/> only.
    /// </summary>
    MailboxFull,

    /// <summary>
    /// The bytes that wait for the worker would exceed <c>GainOptions.Limits.MaxPostedBytesPerWorker</c>, or
    /// all bytes of the server <c>GainOptions.Limits.MaxBufferedBytes</c>. Try again later. From a <see
    /// cref="DatagramHandle"/> only.
    /// </summary>
    MemoryFull,

    /// <summary>
    /// The socket is a listener's, which has no peer: use <c>TrySendTo</c>. From a
    /// <see cref="DatagramHandle"/> only.
    /// </summary>
    NotConnected,

    /// <summary>
    /// The socket was dialled, and its peer has another address: nobody else could answer to it. Dial the
    /// address, or send from a listener's socket.
    /// </summary>
    NotThePeer,

    /// <summary>The socket was dialled, and has ended: <c>OnDatagramClosed</c> says, or has said,
    /// why.</summary>
    Closed,
}
