using Gain.Kernel;

namespace Gain.Workers;

/// <summary>What the errors of an accept mean, for workers and acceptor.</summary>
internal static class AcceptErrors
{
    /// <summary>
    /// How long until the next try when descriptors ran out, or the like: at first.
    /// </summary>
    public const int MinBackoffMs = 10;

    /// <summary>At most.</summary>
    public const int MaxBackoffMs = 100;

    /// <summary>
    /// Whether the one connection failed before it was taken (accept(2)), and the next may not. With EMFILE,
    /// ENFILE, ENOBUFS, ENOMEM and what is unknown, it would.
    /// </summary>
    public static bool IsOfOneConnection(int error) => error
        is Errno.ECONNABORTED
        or Errno.EINTR
        or Errno.EAGAIN
        or Errno.EPROTO
        or Errno.EPERM
        or Errno.ENETDOWN
        or Errno.ENETUNREACH
        or Errno.EHOSTDOWN
        or Errno.EHOSTUNREACH
        or Errno.ENONET
        or Errno.ENOPROTOOPT
        or Errno.EOPNOTSUPP;

    /// <summary>The time until the next try.</summary>
    /// <param name="lastMs">The last such time; 0 for none.</param>
    public static int NextBackoff(int lastMs) => Math.Clamp(lastMs * 2, MinBackoffMs, MaxBackoffMs);
}
