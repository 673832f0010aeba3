namespace Gain;

/// <summary>Why a datagram was not queued.</summary>
public enum DatagramFailure
{
    /// <summary>It was queued.</summary>
    None,

    /// <summary>
    /// There is nobody to answer: the sender is a Unix socket without a name. It has to bind one, or to ask
    /// for one (autobind, see unix(7)), to be answered. Or the handle, or the address, is the default value.
    /// </summary>
    NoAddress,

    /// <summary>
    /// It is longer than any datagram to there: more than 65,507 bytes over IPv4, 65,527 over IPv6, or
    /// <c>GainOptions.Datagrams.MaxBacklogBytes</c>. Send less at once.
    /// </summary>
    TooLarge,

    /// <summary>
    /// The socket's send buffer has no room, and with what waits for it
    /// <c>GainOptions.Datagrams.MaxBacklogBytes</c> would be exceeded. Dropped, as networks drop datagrams,
    /// and counted.
    /// </summary>
    BacklogFull,

    /// <summary>
    /// The address is of another kind than the socket: an IPv6 address, and a socket that listens on an IPv4
    /// one, for example.
    /// </summary>
    WrongFamily,

    /// <summary>
    /// The worker's mailbox is full: <c>GainOptions.Limits.MailboxCapacity</c> requests wait. The worker is
    /// behind; try again later. From a <see cref="DatagramHandle"/> only.
    /// </summary>
    MailboxFull,

    /// <summary>
    /// The bytes that wait for the worker would exceed <c>GainOptions.Limits.MaxPostedBytesPerWorker</c>, or
    /// with all that the server holds <c>GainOptions.Limits.MaxBufferedBytes</c>. Try again later. From a
    /// <see cref="DatagramHandle"/> only.
    /// </summary>
    MemoryFull,
}
