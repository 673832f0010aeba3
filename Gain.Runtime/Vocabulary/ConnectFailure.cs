namespace Gain;

/// <summary>Why, and to where, a connection that was dialled did not come up.</summary>
public readonly record struct ConnectFailure
{
    internal ConnectFailure(
        ConnectFailureReason reason, int errno, GainAddress target, string? detail = null)
    {
        Detail = detail;
        Reason = reason;
        Errno = errno;
        Target = target;
    }

    /// <summary>What to react to.</summary>
    public ConnectFailureReason Reason { get; }

    /// <summary>The kernel's error number (see errno(3)), positive; 0 when no system call failed.</summary>
    public int Errno { get; }

    /// <summary>
    /// What was dialled: <see cref="GainAddress.Unix"/> for a Unix socket. For a name, the address that was
    /// tried last, or the default value if none was.
    /// </summary>
    public GainAddress Target { get; }

    /// <summary>
    /// What went wrong with <see cref="ConnectFailureReason.HandshakeFailed"/>, in words for a log; null for
    /// other reasons. Nothing that the other end has chosen stands there as it came.
    /// </summary>
    public string? Detail { get; }

    /// <summary>
    /// After which time it is dialled again (<c>DialOptions.Redial</c>), with a copy of the handler that it
    /// was dialled with; null for never. <c>Connection.Close</c> in <c>OnConnectFailed</c>, or by the handle,
    /// prevents it.
    /// </summary>
    public TimeSpan? RedialIn { get; internal init; }

    /// <summary>The failure of a system call.</summary>
    /// <param name="errno">Its positive error number.</param>
    /// <param name="target">What was dialled.</param>
    /// <param name="isConnect">Whether the connect itself failed, and not a step before it.</param>
    internal static ConnectFailure Of(int errno, GainAddress target, bool isConnect) =>
        new(ReasonOf(errno, target.Kind == GainAddressKind.Unix, isConnect), errno, target);

    private static ConnectFailureReason ReasonOf(int errno, bool isUnix, bool isConnect) => errno switch
    {
        Kernel.Errno.ECONNREFUSED => ConnectFailureReason.Refused,
        Kernel.Errno.ETIMEDOUT => ConnectFailureReason.TimedOut,
        Kernel.Errno.EHOSTUNREACH or Kernel.Errno.ENETUNREACH => ConnectFailureReason.Unreachable,
        Kernel.Errno.EHOSTDOWN or Kernel.Errno.ENETDOWN => ConnectFailureReason.Unreachable,
        Kernel.Errno.EADDRNOTAVAIL when isConnect => ConnectFailureReason.NoPort,
        Kernel.Errno.EADDRINUSE => ConnectFailureReason.NoPort,
        Kernel.Errno.EAGAIN => isUnix ? ConnectFailureReason.BacklogFull : ConnectFailureReason.NoPort,
        Kernel.Errno.EADDRNOTAVAIL or Kernel.Errno.EAFNOSUPPORT => ConnectFailureReason.NoAddress,
        Kernel.Errno.ENOENT or Kernel.Errno.ENOTDIR or Kernel.Errno.EPROTOTYPE =>
            ConnectFailureReason.NoAddress,
        Kernel.Errno.EMFILE or Kernel.Errno.ENFILE => ConnectFailureReason.NoDescriptor,
        Kernel.Errno.ENOBUFS or Kernel.Errno.ENOMEM => ConnectFailureReason.NoDescriptor,
        Kernel.Errno.ECANCELED => ConnectFailureReason.Cancelled,
        Kernel.Errno.EACCES or Kernel.Errno.EPERM => ConnectFailureReason.Denied,
        _ => ConnectFailureReason.Other,
    };

    /// <summary>
    /// The reason and the errno's name, as in <c>Refused (ECONNREFUSED: …)</c>, or the detail.
    /// </summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Detail is not null ? $"{Reason} ({Detail})"
        : Errno == 0 ? $"{Reason}"
        : $"{Reason} ({Kernel.Errno.Name(Errno)}: {Kernel.Errno.Meaning(Errno)})";
}
