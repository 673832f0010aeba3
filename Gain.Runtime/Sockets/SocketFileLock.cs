using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The file beside a socket's whose lock says who the socket's path belongs to: the kernel lets one at a
/// time have it, and takes it away from a process that dies.
/// </summary>
internal sealed class SocketFileLock : IDisposable
{
    internal const string Suffix = ".lock";

    // For nobody but us: a process that can open the file can lock it, and so keep the server from starting.
    private const uint OwnerOnly = 0x180;

    // Each try but the last needs another owner that goes away at the same instant.
    private const int MaxTries = 64;

    private readonly FilePath _path;
    private int _fd;

    private SocketFileLock(FilePath path, int fd)
    {
        _path = path;
        _fd = fd;
    }

    /// <summary>Takes the lock, or says why not.</summary>
    /// <exception cref="GainException">Somebody has it, or the file cannot be made.</exception>
    internal static SocketFileLock Take(UnixAddress address)
    {
        var path = new FilePath(address.Name + Suffix);
        for (int i = 0; i < MaxTries; i++)
        {
            // A link would lead the creation elsewhere, and a pipe would wait for its other end.
            int fd = path.Open(
                Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_NONBLOCK, OwnerOnly);
            if (fd < 0)
            {
                throw UnixErrors.ForLock(address, path, -fd);
            }

            int result = TryLock(path, fd, out bool isGone);
            if (result == 0 && !isGone)
            {
                return new SocketFileLock(path, fd);
            }

            Libc.Close(fd);
            if (result < 0)
            {
                throw UnixErrors.ForLock(address, path, -result);
            }
        }

        throw UnixErrors.ForLock(address, path, Errno.EAGAIN);
    }

    /// <summary>Removes the file and gives the lock up. A second call does nothing.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            // In this order: a process that waits with the old file open finds that it is gone, and makes
            // another.
            _path.Remove();
            Libc.Close(fd);
        }
    }

    private static int TryLock(FilePath path, int fd, out bool isGone)
    {
        isGone = false;
        int result = FileIdentity.Of(fd, out FileIdentity locked);
        if (result == 0 && !locked.IsRegular)
        {
            return -Errno.EEXIST;
        }

        while (result == 0 && (result = Libc.FLock(fd, Libc.LOCK_EX | Libc.LOCK_NB)) == -Errno.EINTR)
        {
            result = 0;
        }

        if (result == 0)
        {
            // Its last owner may have removed it between our open and our lock.
            isGone = path.Look(out FileIdentity there) < 0 || !there.IsSameAs(locked);
        }

        return result;
    }
}
