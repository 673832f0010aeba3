namespace Gain;

/// <summary>Why <see cref="ConnectionHandle"/> could not post something.</summary>
public enum PostFailure
{
    /// <summary>It was posted.</summary>
    None,

    /// <summary>
    /// The worker's mailbox is full: <c>GainOptions.Limits.MailboxCapacity</c> requests wait. The worker is
    /// behind; try again later.
    /// </summary>
    MailboxFull,

    /// <summary>
    /// The bytes that wait for the worker would exceed <c>GainOptions.Limits.MaxPostedBytesPerWorker</c>, or
    /// all bytes of the server <c>GainOptions.Limits.MaxBufferedBytes</c>. Try again later.
    /// </summary>
    MemoryFull,

    /// <summary>
    /// The bytes are more than <c>GainOptions.Limits.MaxPostedBytesPerWorker</c> or
    /// <c>GainOptions.Limits.MaxOutboundBytes</c>, so they never fit: send less at once.
    /// </summary>
    TooLarge,

    /// <summary>The handle is the default value, and names no connection.</summary>
    NoConnection,
}
