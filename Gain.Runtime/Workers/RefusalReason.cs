namespace Gain.Workers;

/// <summary>Why a connection was closed right after the accept.</summary>
internal enum RefusalReason
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The server is stopping.</summary>
    Stopping,

    /// <summary>The server, or the worker, has as many connections as it may.</summary>
    ConnectionLimit,

    /// <summary>The peer's address has as many connections as it may.</summary>
    AddressLimit,

    /// <summary>The peer's address is denied, or not among those allowed.</summary>
    AddressFilter,

    /// <summary>As many connections of the worker are in their set-up by a layer as may be.</summary>
    HandshakeLimit,

    /// <summary>The peer has already gone.</summary>
    Gone,

    /// <summary>The balancer picked no worker that there is, or threw.</summary>
    Balancer,

    /// <summary>The engine failed at it.</summary>
    Fault,
}
