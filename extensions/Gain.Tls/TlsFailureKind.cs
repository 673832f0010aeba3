namespace Gain.Tls;

/// <summary>Why a session has failed.</summary>
internal enum TlsFailureKind
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>What the peer sent is not TLS, or is wrong.</summary>
    Protocol,

    /// <summary>The peer spoke HTTP without TLS.</summary>
    PlainHttp,

    /// <summary>The input ended without close_notify, or in the middle of the handshake.</summary>
    Truncated,

    /// <summary>The peer's certificate was missing or refused.</summary>
    Certificate,

    /// <summary>The peer has ended the session by an alert.</summary>
    AlertReceived,

    /// <summary>Too many KeyUpdates, renegotiations or tickets without data in between.</summary>
    Flood,

    /// <summary>A callback of the user has thrown.</summary>
    Callback,

    /// <summary>One call wrote more than <see cref="TlsWindow.MaxSpillBytes"/>.</summary>
    OutputLimit,
}
