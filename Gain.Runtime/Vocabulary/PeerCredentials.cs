namespace Gain;

/// <summary>
/// The process at the other end of a Unix socket. The kernel noted it when the peer called connect(2): it
/// cannot be forged, and does not change when the peer passes the socket on or drops privileges.
/// </summary>
public readonly record struct PeerCredentials
{
    /// <summary>
    /// The process. Another process can have the number by now, so use it for logs and not for decisions. 0
    /// when this process cannot see the other, for example across containers.
    /// </summary>
    public int ProcessId { get; init; }

    /// <summary>
    /// The effective user. A user without a number in this user namespace is the overflow user, 65,534.
    /// </summary>
    public uint UserId { get; init; }

    /// <summary>
    /// The effective group. A group without a number in this user namespace is the overflow group, 65,534.
    /// </summary>
    public uint GroupId { get; init; }
}
