using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>Removes a name of a file. Linux 5.11, io_uring_prep_unlink(3), unlink(2).</summary>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">0, or AT_REMOVEDIR (0x200) for an empty directory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepUnlink(byte* path, int flags)
    {
        PrepUnlinkat(CurrentDirectory, path, flags);
    }

    /// <summary>
    /// Removes a name of a file below a directory. Linux 5.11, io_uring_prep_unlinkat(3), unlinkat(2).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">0, or AT_REMOVEDIR (0x200) for an empty directory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepUnlinkat(int directory, byte* path, int flags)
    {
        _sqe->opcode = IORING_OP_UNLINKAT;
        _sqe->fd = directory;
        _sqe->addr = (ulong)path;
        _sqe->unlink_flags = (uint)flags;
    }

    /// <summary>
    /// Renames a file; what had the new name is replaced. Linux 5.11, io_uring_prep_rename(3), rename(2).
    /// </summary>
    /// <param name="oldPath">The name it has; as all paths, the kernel uses it until the completion.</param>
    /// <param name="newPath">The name it gets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRename(byte* oldPath, byte* newPath)
    {
        PrepRenameat(CurrentDirectory, oldPath, CurrentDirectory, newPath, 0);
    }

    /// <summary>
    /// Renames a file below directories. Linux 5.11, io_uring_prep_renameat(3), renameat2(2).
    /// </summary>
    /// <param name="oldDirectory">Where the old path starts.</param>
    /// <param name="oldPath">The name it has.</param>
    /// <param name="newDirectory">Where the new path starts.</param>
    /// <param name="newPath">The name it gets.</param>
    /// <param name="flags">0, or RENAME_NOREPLACE (1), RENAME_EXCHANGE (2), RENAME_WHITEOUT (4).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRenameat(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath, uint flags)
    {
        _sqe->opcode = IORING_OP_RENAMEAT;
        _sqe->fd = oldDirectory;
        _sqe->off = (ulong)newPath;
        _sqe->addr = (ulong)oldPath;
        _sqe->len = (uint)newDirectory;
        _sqe->rename_flags = flags;
    }

    /// <summary>Makes a directory. Linux 5.15, io_uring_prep_mkdir(3), mkdir(2).</summary>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMkdir(byte* path, uint mode)
    {
        PrepMkdirat(CurrentDirectory, path, mode);
    }

    /// <summary>
    /// Makes a directory below another. Linux 5.15, io_uring_prep_mkdirat(3), mkdirat(2).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMkdirat(int directory, byte* path, uint mode)
    {
        _sqe->opcode = IORING_OP_MKDIRAT;
        _sqe->fd = directory;
        _sqe->addr = (ulong)path;
        _sqe->len = mode;
    }

    /// <summary>Makes a symbolic link. Linux 5.15, io_uring_prep_symlink(3), symlink(2).</summary>
    /// <param name="target">What the link holds.</param>
    /// <param name="linkPath">Its name.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSymlink(byte* target, byte* linkPath)
    {
        PrepSymlinkat(target, CurrentDirectory, linkPath);
    }

    /// <summary>
    /// Makes a symbolic link below a directory. Linux 5.15, io_uring_prep_symlinkat(3), symlinkat(2).
    /// </summary>
    /// <param name="target">What the link holds.</param>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="linkPath">Its name.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSymlinkat(byte* target, int directory, byte* linkPath)
    {
        _sqe->opcode = IORING_OP_SYMLINKAT;
        _sqe->fd = directory;
        _sqe->off = (ulong)linkPath;
        _sqe->addr = (ulong)target;
    }

    /// <summary>Gives a file another name. Linux 5.15, io_uring_prep_link(3), link(2).</summary>
    /// <param name="oldPath">A name that it has.</param>
    /// <param name="newPath">The name that it gets besides.</param>
    /// <param name="flags">0, or AT_SYMLINK_FOLLOW (0x400).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepLink(byte* oldPath, byte* newPath, int flags)
    {
        PrepLinkat(CurrentDirectory, oldPath, CurrentDirectory, newPath, flags);
    }

    /// <summary>
    /// Gives a file another name below a directory. Linux 5.15, io_uring_prep_linkat(3), linkat(2).
    /// </summary>
    /// <param name="oldDirectory">Where the old path starts.</param>
    /// <param name="oldPath">A name that it has.</param>
    /// <param name="newDirectory">Where the new path starts.</param>
    /// <param name="newPath">The name that it gets besides.</param>
    /// <param name="flags">0, AT_SYMLINK_FOLLOW (0x400), AT_EMPTY_PATH (0x1000).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepLinkat(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath, int flags)
    {
        _sqe->opcode = IORING_OP_LINKAT;
        _sqe->fd = oldDirectory;
        _sqe->off = (ulong)newPath;
        _sqe->addr = (ulong)oldPath;
        _sqe->len = (uint)newDirectory;
        _sqe->hardlink_flags = (uint)flags;
    }

    /// <summary>
    /// Reads an extended attribute of a file; the result is its size. ENODATA when it has none of the name,
    /// ERANGE when it is longer. Linux 5.19, io_uring_prep_getxattr(3), getxattr(2).
    /// </summary>
    /// <param name="name">Its name, such as <c>user.note</c>, NUL-terminated.</param>
    /// <param name="value">Where it goes; the kernel uses it until the completion.</param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="length">
    /// The size of <paramref name="value"/>; 0: tell the attribute's size only.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepGetxattr(byte* name, byte* value, byte* path, uint length)
    {
        _sqe->opcode = IORING_OP_GETXATTR;
        _sqe->fd = 0;
        _sqe->off = (ulong)value;
        _sqe->addr = (ulong)name;
        _sqe->len = length;
        _sqe->addr3 = (ulong)path;
    }

    /// <summary>
    /// Sets an extended attribute of a file. Linux 5.19, io_uring_prep_setxattr(3), setxattr(2).
    /// </summary>
    /// <param name="name">Its name, NUL-terminated.</param>
    /// <param name="value">Its value; unchanged until the completion.</param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">0, XATTR_CREATE (1) or XATTR_REPLACE (2).</param>
    /// <param name="length">The size of the value in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSetxattr(byte* name, byte* value, byte* path, int flags, uint length)
    {
        _sqe->opcode = IORING_OP_SETXATTR;
        _sqe->fd = 0;
        _sqe->off = (ulong)value;
        _sqe->addr = (ulong)name;
        _sqe->len = length;
        _sqe->addr3 = (ulong)path;
        _sqe->xattr_flags = (uint)flags;
    }

    /// <summary>
    /// Like <see cref="PrepGetxattr(byte*, byte*, byte*, uint)"/>, but of an open file. Linux 5.19,
    /// io_uring_prep_fgetxattr(3), fgetxattr(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="name">Its name, NUL-terminated.</param>
    /// <param name="value">Where it goes; the kernel uses it until the completion.</param>
    /// <param name="length">
    /// The size of <paramref name="value"/>; 0: tell the attribute's size only.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFgetxattr(int fd, byte* name, byte* value, uint length)
    {
        _sqe->opcode = IORING_OP_FGETXATTR;
        _sqe->fd = fd;
        _sqe->off = (ulong)value;
        _sqe->addr = (ulong)name;
        _sqe->len = length;
    }

    /// <summary>
    /// Like <see cref="PrepSetxattr(byte*, byte*, byte*, int, uint)"/>, but of an open file. Linux 5.19,
    /// io_uring_prep_fsetxattr(3), fsetxattr(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="name">Its name, NUL-terminated.</param>
    /// <param name="value">Its value; unchanged until the completion.</param>
    /// <param name="flags">0, XATTR_CREATE (1) or XATTR_REPLACE (2).</param>
    /// <param name="length">The size of the value in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFsetxattr(int fd, byte* name, byte* value, int flags, uint length)
    {
        _sqe->opcode = IORING_OP_FSETXATTR;
        _sqe->fd = fd;
        _sqe->off = (ulong)value;
        _sqe->addr = (ulong)name;
        _sqe->len = length;
        _sqe->xattr_flags = (uint)flags;
    }
}
