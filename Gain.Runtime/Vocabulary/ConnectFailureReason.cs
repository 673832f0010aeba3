namespace Gain;

/// <summary>Why a connection that was dialled did not come up.</summary>
public enum ConnectFailureReason : byte
{
    /// <summary>No failure: the value of a field that was never set. No callback gets it.</summary>
    None = 0,

    /// <summary>
    /// Nobody listens there (ECONNREFUSED), or the socket connected to itself.
    /// </summary>
    Refused = 1,

    /// <summary>
    /// Nobody answered within <c>DialOptions.ConnectTimeout</c>, or the kernel gave up before (ETIMEDOUT).
    /// </summary>
    TimedOut = 2,

    /// <summary>
    /// There is no route to the host or its network (EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN).
    /// </summary>
    Unreachable = 3,

    /// <summary>
    /// The target is not an address that can be dialled, or its Unix socket has no file (ENOENT). Or the
    /// machine does not have <c>DialOptions.LocalAddress</c> or the target's family (EAFNOSUPPORT).
    /// </summary>
    NoAddress = 4,

    /// <summary>
    /// All local ports for this target are in use (EADDRNOTAVAIL, EADDRINUSE): see
    /// net.ipv4.ip_local_port_range. Trying again at once fails again.
    /// </summary>
    NoPort = 5,

    /// <summary>
    /// The process or the machine has no descriptor, or no memory, for a socket (EMFILE, ENFILE, ENOBUFS,
    /// ENOMEM).
    /// </summary>
    NoDescriptor = 6,

    /// <summary>
    /// The connection was closed before it was up: by the program, by a stop of the server, or as one of its
    /// callbacks threw.
    /// </summary>
    Cancelled = 7,

    /// <summary>
    /// The backlog of the Unix socket is full (EAGAIN): try again later.
    /// </summary>
    BacklogFull = 8,

    /// <summary>
    /// A packet filter, the permissions of a Unix socket's file, or a missing privilege (EACCES, EPERM).
    /// </summary>
    Denied = 9,

    /// <summary>Another error; see <see cref="ConnectFailure.Errno"/>.</summary>
    Other = 10,

    /// <summary>
    /// The name that was dialled has no address, or nobody could say which. The answer is kept for
    /// <c>DialOptions.NameFailureLifetime</c>.
    /// </summary>
    NameUnresolved = 11,

    /// <summary>
    /// The connection was up, and TLS on it was not: the other end's certificate was not accepted, or ours
    /// was not, or the handshake ended early or took too long. <see cref="ConnectFailure.Detail"/> says
    /// which.
    /// </summary>
    HandshakeFailed = 12,

    /// <summary>
    /// As many connections were open as <c>GainOptions.Limits.MaxConnections</c>, or
    /// <c>MaxConnectionsPerWorker</c>, allows, and a session awaited one more. Callbacks are told by
    /// <c>ConnectionDialling.TryDial</c>.
    /// </summary>
    LimitReached = 13,
}
