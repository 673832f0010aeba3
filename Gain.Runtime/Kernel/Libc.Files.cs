using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The calls on files and on descriptors' flags. Results as elsewhere.</summary>
/// <remarks>
/// <c>open</c> and <c>fcntl</c> are variadic, and sound with a fixed signature as syscall(2) is. statx(2)
/// goes through syscall(2), as older libcs do not wrap it; its structure is the same on every architecture,
/// which that of stat(2) is not. Paths are bytes that end with a zero.
/// </remarks>
internal abstract unsafe partial class Libc
{
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_PATH = 0x200000;
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const uint STATX_TYPE = 0x1;
    internal const uint STATX_MODE = 0x2;
    internal const uint STATX_INO = 0x100;
    internal const int S_IFMT = 0xF000;
    internal const int S_IFSOCK = 0xC000;
    internal const int S_IFLNK = 0xA000;
    internal const int S_IFREG = 0x8000;
    internal const int S_IFBLK = 0x6000;
    internal const int S_IFDIR = 0x4000;
    internal const int S_IFCHR = 0x2000;
    internal const int S_IFIFO = 0x1000;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;
    internal const int FD_CLOEXEC = 1;
    internal const int F_SETFD = 2;
    internal const int F_DUPFD_CLOEXEC = 1030;

    // The two architectures differ in it.
    internal static int O_NOFOLLOW =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    internal static nint StatXNumber =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 332 : 291;

    /// <summary>open(2): a descriptor.</summary>
    // SAFETY: the path is read during the call only.
    internal static int Open(byte* path, int flags, uint mode)
    {
        int fd = open(path, flags, mode);
        return fd >= 0 ? fd : -Marshal.GetLastSystemError();
    }

    /// <summary>statx(2).</summary>
    // SAFETY: the path is read, and the status written, during the call only.
    internal static int StatX(int directory, byte* path, int flags, uint mask, statx* status)
    {
        nint result = syscall(StatXNumber, directory, path, flags, mask, status);
        return result == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>fchmod(2).</summary>
    internal static int FChMod(int fd, uint mode) =>
        fchmod(fd, mode) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>chmod(2).</summary>
    // SAFETY: the path is read during the call only.
    internal static int ChMod(byte* path, uint mode) =>
        chmod(path, mode) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>unlink(2).</summary>
    // SAFETY: the path is read during the call only.
    internal static int Unlink(byte* path) => unlink(path) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>flock(2).</summary>
    internal static int FLock(int fd, int operation) =>
        flock(fd, operation) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>fcntl(2), F_DUPFD_CLOEXEC: another descriptor of the same, at least a number.</summary>
    internal static int Duplicate(int fd, int least = 0)
    {
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, least);
        return copy >= 0 ? copy : -Marshal.GetLastSystemError();
    }

    /// <summary>fcntl(2), F_SETFD: the descriptor ends with an exec.</summary>
    internal static int SetCloseOnExec(int fd) =>
        fcntl(fd, F_SETFD, FD_CLOEXEC) >= 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>fcntl(2), F_GETFL: what the descriptor stands for was opened, and is used, with.</summary>
    internal static int GetStatusFlags(int fd)
    {
        int flags = fcntl(fd, F_GETFL, 0);
        return flags >= 0 ? flags : -Marshal.GetLastSystemError();
    }

    /// <summary>fcntl(2), F_SETFL.</summary>
    internal static int SetStatusFlags(int fd, int flags) =>
        fcntl(fd, F_SETFL, flags) >= 0 ? 0 : -Marshal.GetLastSystemError();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int open(byte* path, int flags, uint mode);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int fchmod(int fd, uint mode);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int chmod(byte* path, uint mode);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int unlink(byte* path);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int flock(int fd, int operation);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint syscall(
        nint number, nint directory, byte* path, nint flags, nuint mask, statx* status);
}
