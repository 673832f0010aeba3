using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Says why a Unix socket could not be listened on, and what to do about it.</summary>
internal static class UnixErrors
{
    /// <param name="address">The address as it was asked for.</param>
    /// <param name="errno">The positive error number of the call that failed.</param>
    internal static GainException For(UnixAddress address, int errno)
    {
        (GainError code, string reason) = Explain(address, errno);
        return New(address, code, reason, errno);
    }

    /// <summary>Something else is where the socket should be.</summary>
    internal static GainException ForOccupied(UnixAddress address, string kind) => New(
        address,
        GainError.AddressInUse,
        $"{address.Name} is {kind}, and only sockets are replaced; move it away, or choose another path",
        Errno.EADDRINUSE);

    /// <summary>The umask took away of the mode what there is no way to give back.</summary>
    internal static GainException ForMode(UnixAddress address, UnixFileMode mode, string descriptors) => New(
        address,
        GainError.AddressNotAvailable,
        $"GainOptions.Accepting.UnixSocketMode is {mode}, of which the umask leaves less, and there is no "
        + $"{descriptors} to set it by; mount /proc, or start the server with a umask that leaves the mode",
        Errno.ENOENT);

    /// <summary>The file whose lock guards the path could not be had.</summary>
    internal static GainException ForLock(UnixAddress address, FilePath file, int errno)
    {
        string error = Errno.Describe(errno);
        return errno switch
        {
            Errno.EAGAIN => New(
                address,
                GainError.AddressInUse,
                $"another server has it: it holds the lock on {file}; find it with `fuser {file}` and stop "
                + "it, or choose another path",
                errno),
            Errno.EEXIST or Errno.ELOOP or Errno.EISDIR or Errno.ENXIO => New(
                address,
                GainError.AddressInUse,
                $"{file}, whose lock guards the path, is no regular file; move it away, or choose another "
                + "path",
                errno),
            Errno.EACCES or Errno.EPERM => New(
                address,
                GainError.PermissionDenied,
                $"{file}, whose lock guards the path, cannot be made or opened, {error}; the server needs to "
                + "write to the directory, and a file that another user's server left has to be removed",
                errno),
            _ => For(address, errno),
        };
    }

    private static (GainError Code, string Reason) Explain(UnixAddress address, int errno)
    {
        string error = Errno.Describe(errno);
        string directory = Path.GetDirectoryName(address.Name) ?? "/";
        switch (errno)
        {
            case Errno.EADDRINUSE:
                string find = address.IsAbstract ? $"@{address.Name}" : address.Name;
                return (GainError.AddressInUse,
                    $"another process, or another server in this one, has a socket there, {error}; find it "
                    + $"with `ss -xlp src '{find}'` and stop it, or choose another name");
            case Errno.ENOENT:
                return (GainError.AddressNotAvailable,
                    $"there is no directory {directory}, {error}; make it, or have systemd make it with "
                    + "RuntimeDirectory=");
            case Errno.ENOTDIR:
                return (GainError.AddressNotAvailable,
                    $"a part of {directory} is no directory, {error}; choose another path");
            case Errno.EROFS:
                return (GainError.AddressNotAvailable,
                    $"{directory} lies on a read-only file system, {error}; choose a directory such as /run");
            case Errno.EACCES or Errno.EPERM:
                return (GainError.PermissionDenied,
                    $"the server may not write to {directory}, or to a socket that it finds there, {error}; "
                    + "give it a directory of its own, or remove what another user's server left");
            case Errno.EMFILE:
                return (GainError.LimitReached,
                    $"the process has as many descriptors as it may, {error}; raise `ulimit -n`");
            case Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS or Errno.ENOSPC or Errno.EDQUOT:
                return (GainError.LimitReached,
                    $"the machine is out of files, memory or disk space, {error}");
            default:
                return (GainError.SystemError, $"the kernel refused, {error}");
        }
    }

    private static GainException New(UnixAddress address, GainError code, string reason, int errno) =>
        new(code, $"Cannot listen on {address}: {reason}.", errno);
}
