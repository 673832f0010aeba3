namespace Gain;

/// <summary>
/// Who is at the other end of a Unix socket, as the kernel noted it when the peer called connect(2): it
/// cannot be forged, and does not change when the peer passes the socket on or drops privileges.
/// </summary>
/// <param name="ProcessId">
/// The process. Its number may be another's by now, so that it is for logs and not for decisions; 0 when this
/// process cannot see the other's, as across containers.
/// </param>
/// <param name="UserId">
/// The effective user. One that has no number in this user namespace is the overflow user, 65,534.
/// </param>
/// <param name="GroupId">The effective group; as for the user.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId);
