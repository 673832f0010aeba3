using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Which file it is, and of what kind.</summary>
internal readonly struct FileIdentity
{
    internal const uint Wanted = Libc.STATX_TYPE | Libc.STATX_MODE | Libc.STATX_INO;

    private const int Permissions = 0x1FF;

    private readonly ulong _inode;
    private readonly ulong _device;
    private readonly ushort _mode;

    internal FileIdentity(in statx status)
    {
        _inode = status.stx_ino;
        _device = ((ulong)status.stx_dev_major << 32) | status.stx_dev_minor;
        _mode = status.stx_mode;
    }

    internal bool IsSocket => (_mode & Libc.S_IFMT) == Libc.S_IFSOCK;

    internal bool IsRegular => (_mode & Libc.S_IFMT) == Libc.S_IFREG;

    /// <summary>Who may do what: the lowest nine bits.</summary>
    internal uint Mode => (uint)(_mode & Permissions);

    /// <summary>What kind of file it is, for messages.</summary>
    internal string Kind => (_mode & Libc.S_IFMT) switch
    {
        Libc.S_IFSOCK => "a socket",
        Libc.S_IFLNK => "a symbolic link",
        Libc.S_IFREG => "a regular file",
        Libc.S_IFBLK or Libc.S_IFCHR => "a device",
        Libc.S_IFDIR => "a directory",
        Libc.S_IFIFO => "a pipe",
        _ => "a file of another kind",
    };

    /// <summary>Whether both are one file. Only while it exists: numbers are used again.</summary>
    internal bool IsSameAs(FileIdentity other) => _inode == other._inode && _device == other._device;

    /// <summary>What a descriptor stands for.</summary>
    /// <returns>0, or a negative errno.</returns>
    // SAFETY: the path and the status live on the stack for the call.
    internal static unsafe int Of(int fd, out FileIdentity file)
    {
        statx status = default;
        byte empty = 0;
        int result = Libc.StatX(fd, &empty, Libc.AT_EMPTY_PATH, Wanted, &status);
        file = new FileIdentity(status);
        return result;
    }
}
