using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The file of a Unix socket, from before its bind until it is removed: one that a crashed server left is
/// replaced, one that somebody uses is not, and a file that is not a socket is never touched.
/// </summary>
/// <remarks>
/// <para>
/// All of it happens under a lock (<see cref="SocketFileLock"/>), so that two servers which start together
/// cannot take each other's file for a crashed one's. Programs that know nothing of the lock are found by
/// asking the kernel whether a socket is bound to the file; they could come in between the question and the
/// removal, and there is no call that does both.
/// </para>
/// <para>
/// The question is a connect with a datagram socket: it says ECONNREFUSED when no socket is bound to the
/// file, and EPROTOTYPE when a stream socket is, which also one that does not listen yet is, and which
/// notices nothing of it.
/// </para>
/// </remarks>
internal sealed class SocketFile : IDisposable
{
    private const int None = -1;
    private const string Descriptors = "/proc/self/fd";

    private readonly UnixAddress _address;
    private readonly FilePath _path;
    private readonly SocketFileLock _lock;

    // Keeps the file's number from being used again, so that it can be told from another at the end.
    private int _pin = None;

    private SocketFile(UnixAddress address, SocketFileLock ownership)
    {
        _address = address;
        _path = new FilePath(address.Name);
        _lock = ownership;
    }

    /// <summary>Makes the path ours, and free.</summary>
    /// <exception cref="GainException">Another process has it, or it cannot be made.</exception>
    internal static SocketFile Claim(UnixAddress address)
    {
        var file = new SocketFile(address, SocketFileLock.Take(address));
        try
        {
            file.RemoveStale();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Binds a socket to the path; nobody can connect before it listens.</summary>
    /// <param name="fd">A Unix socket that is not bound.</param>
    /// <param name="mode">Who may connect, by write permission; null for what the umask leaves.</param>
    /// <param name="descriptors">Where the process's descriptors are found as files.</param>
    /// <exception cref="GainException">The kernel refused; <see cref="Dispose"/> cleans up.</exception>
    internal void Bind(int fd, UnixFileMode? mode, string descriptors = Descriptors)
    {
        if (mode is { } first)
        {
            // Linux gives the file the mode of the socket's own inode, less the umask: so it is never wider
            // than wanted, also for datagrams, which can be sent from the bind on.
            Check(Libc.FChMod(fd, (uint)first));
        }

        Check(SocketOptions.BindUnix(fd, _address));
        int pin = _path.Open(Libc.O_PATH | Libc.O_NOFOLLOW);
        Check(pin);
        _pin = pin;
        Check(FileIdentity.Of(pin, out FileIdentity file));
        if (!file.IsSocket)
        {
            throw UnixErrors.For(_address, Errno.EADDRINUSE);
        }

        if (mode is { } wanted && file.Mode != (uint)wanted)
        {
            // What the umask took away. By the descriptor, as the path could lead elsewhere by now.
            int result = new FilePath($"{descriptors}/{pin}").SetMode((uint)wanted);
            if (result == -Errno.ENOENT)
            {
                throw UnixErrors.ForMode(_address, wanted, descriptors);
            }

            Check(result);
        }
    }

    /// <summary>
    /// Removes the file if it is still ours, and gives the path up. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        int pin = Interlocked.Exchange(ref _pin, None);
        if (pin != None)
        {
            bool isOurs = FileIdentity.Of(pin, out FileIdentity ours) == 0
                && _path.Look(out FileIdentity there) == 0
                && there.IsSameAs(ours);
            if (isOurs)
            {
                // What keeps it from going, as a directory that became read-only does, keeps it from us too:
                // the next start finds a socket that nobody is bound to.
                _path.Remove();
            }

            Libc.Close(pin);
        }

        _lock.Dispose();
    }

    private void RemoveStale()
    {
        int result = _path.Look(out FileIdentity there);
        if (result == -Errno.ENOENT)
        {
            return;
        }

        Check(result);
        if (!there.IsSocket)
        {
            throw UnixErrors.ForOccupied(_address, there.Kind);
        }

        result = SocketOptions.ProbeUnix(_address);
        if (result == -Errno.ECONNREFUSED)
        {
            result = _path.Remove();
        }
        else if (result is 0 or -Errno.EPROTOTYPE or -Errno.EPERM)
        {
            // EPERM: a datagram socket that takes from one peer only.
            result = -Errno.EADDRINUSE;
        }

        // It was removed meanwhile, which is what was to be done.
        Check(result == -Errno.ENOENT ? 0 : result);
    }

    private void Check(int result)
    {
        if (result < 0)
        {
            throw UnixErrors.For(_address, -result);
        }
    }
}
