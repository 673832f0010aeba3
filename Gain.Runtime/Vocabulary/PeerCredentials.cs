namespace Gain;

/// <summary>
/// Who is at the other end of a Unix socket, as the kernel noted it when the peer called connect(2): it
/// cannot be forged, and does not change when the peer passes the socket on or drops privileges.
/// </summary>
public readonly record struct PeerCredentials
{
    /// <summary>
    /// The process. Its number may be another's by now, so that it is for logs and not for decisions; 0 when
    /// this process cannot see the other's, as across containers.
    /// </summary>
    public int ProcessId { get; init; }

    /// <summary>
    /// The effective user. One that has no number in this user namespace is the overflow user, 65,534.
    /// </summary>
    public uint UserId { get; init; }

    /// <summary>
    /// The effective group. One that has no number in this user namespace is the overflow group, 65,534.
    /// </summary>
    public uint GroupId { get; init; }
}
