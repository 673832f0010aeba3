namespace Gain.Tls;

/// <summary>What a call of a <see cref="TlsSession"/> has come to.</summary>
internal enum TlsStatus
{
    /// <summary>All input was taken, and more is needed.</summary>
    NeedsInput,

    /// <summary>The handshake is done, which is said once: the connection can be accepted.</summary>
    Handshaken,

    /// <summary>The handshake waits for a choice; the session says when it was made.</summary>
    Suspended,

    /// <summary>There is plaintext; there may be more: call again, with the input that is left.</summary>
    Data,

    /// <summary>Everything was written.</summary>
    Written,

    /// <summary>The peer has ended what it sends, by close_notify. Writing still works.</summary>
    Closed,

    /// <summary>The session has ended by a fault; an alert may be in the output. Nothing more
    /// works.</summary>
    Failed,
}
