namespace Gain;

/// <summary>What a <see cref="GainException"/> is about, for code that reacts to it.</summary>
public enum GainError
{
    /// <summary>No error: the value of a field that was never set. No exception has it.</summary>
    None = 0,

    /// <summary>An address is malformed; the message names it, the fault and the accepted forms.</summary>
    AddressInvalid = 1,

    /// <summary>An address is well formed, but of a kind that Gain does not serve.</summary>
    AddressUnsupported = 2,

    /// <summary>A host name has no address, or none of the family that was asked for.</summary>
    AddressNotFound = 3,

    /// <summary>Something listens on the address already (EADDRINUSE).</summary>
    AddressInUse = 4,

    /// <summary>
    /// The machine does not have the address, its family (EADDRNOTAVAIL, EAFNOSUPPORT) or the directory of a
    /// Unix socket. Or systemd has passed no such socket.
    /// </summary>
    AddressNotAvailable = 5,

    /// <summary>The process lacks a privilege (EACCES, EPERM).</summary>
    PermissionDenied = 6,

    /// <summary>An option has a value that cannot be used.</summary>
    OptionInvalid = 7,

    /// <summary>io_uring could not be set up; the message says why, and what to change.</summary>
    RingUnavailable = 8,

    /// <summary>
    /// A limit of the process or the machine was reached (EMFILE, ENFILE, ENOMEM, ENOBUFS).
    /// </summary>
    LimitReached = 9,

    /// <summary>The server has been stopped, and a stopped server does not start again.</summary>
    AlreadyStopped = 10,

    /// <summary>A system call failed in another way; see <see cref="GainException.Errno"/>.</summary>
    SystemError = 11,

    /// <summary>
    /// A worker failed while the server ran, and the server stopped; see the inner exception.
    /// </summary>
    WorkerFailed = 12,

    /// <summary>
    /// The protocol has no callback for the address: <c>OnDatagram</c> for datagrams, another one for
    /// connections.
    /// </summary>
    ProtocolMismatch = 13,

    /// <summary>
    /// A stop has not ended at its deadline, because a callback does not return; the message names the
    /// worker.
    /// </summary>
    WorkerStuck = 14,

    /// <summary>The system is not Linux on x64 or arm64. Servers run only there.</summary>
    PlatformNotSupported = 15,

    /// <summary>
    /// A connection that was dialled did not come up; see <see cref="GainException.ConnectFailure"/>.
    /// </summary>
    ConnectFailed = 16,
}
