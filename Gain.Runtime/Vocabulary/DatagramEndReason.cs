namespace Gain;

/// <summary>Why a socket for datagrams that was dialled has ended.</summary>
public enum DatagramEndReason : byte
{
    /// <summary>No reason: the value of a field that was never set. No callback gets it.</summary>
    None = 0,

    /// <summary>The program closed it: <c>Datagram.Close</c>, or <c>DatagramHandle.TryClose</c>.</summary>
    Local = 1,

    /// <summary>Nothing was sent or received for <c>DialOptions.DatagramIdle</c>.</summary>
    Idle = 2,

    /// <summary>
    /// Nobody listens at the target (ECONNREFUSED): the peer's machine has answered a datagram with an ICMP
    /// error. Networks may drop such errors, and anybody may forge one. It is also what a socket gets that
    /// was about to be connected to itself.
    /// </summary>
    Refused = 3,

    /// <summary>
    /// There is no way to the host or its network (EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN): the
    /// machine has no route, or a router has said so.
    /// </summary>
    Unreachable = 4,

    /// <summary>The server stops. What had arrived was delivered before.</summary>
    ServerStopped = 5,

    /// <summary>
    /// It could not be opened, or receiving failed; <see cref="DatagramEnd.Errno"/> says why: no descriptor
    /// (EMFILE, ENFILE), no local port (EADDRNOTAVAIL, EADDRINUSE, EAGAIN), a
    /// <c>DialOptions.LocalAddress</c> that the machine does not have (EADDRNOTAVAIL), an address that cannot
    /// be dialled (EAFNOSUPPORT), a packet filter (EACCES, EPERM). 0: the worker has failed.
    /// </summary>
    Failed = 6,
}
