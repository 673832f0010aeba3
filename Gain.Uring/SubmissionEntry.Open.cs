using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Opens a file; the result is its descriptor. Linux 5.6, io_uring_prep_open(3), open(2).
    /// </summary>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">O_* flags; O_CLOEXEC (0x80000) is not implied.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpen(byte* path, int flags, uint mode)
    {
        PrepOpenat(CurrentDirectory, path, flags, mode);
    }

    /// <summary>
    /// Opens a file as a registered file, without a descriptor; O_CLOEXEC is refused with EINVAL. Linux
    /// 5.15, io_uring_prep_open_direct(3).
    /// </summary>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">O_* flags.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    /// <param name="fileIndex">
    /// The index in the ring's registered files, or <see cref="FixedFiles.AnyIndex"/>, which lets the
    /// kernel pick one that the result names.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpenDirect(byte* path, int flags, uint mode, uint fileIndex)
    {
        PrepOpenatDirect(CurrentDirectory, path, flags, mode, fileIndex);
    }

    /// <summary>
    /// Opens a file below a directory; the result is its descriptor. Linux 5.6, io_uring_prep_openat(3),
    /// openat(2).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">O_* flags; O_CLOEXEC (0x80000) is not implied.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpenat(int directory, byte* path, int flags, uint mode)
    {
        _sqe->opcode = IORING_OP_OPENAT;
        _sqe->fd = directory;
        _sqe->addr = (ulong)path;
        _sqe->len = mode;
        _sqe->open_flags = (uint)flags;
    }

    /// <summary>
    /// Like <see cref="PrepOpenat(int, byte*, int, uint)"/>, but as a registered file. The result is 0, or
    /// the index that the kernel picked; ENFILE when none is free. Linux 5.15,
    /// io_uring_prep_openat_direct(3).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="flags">O_* flags, without O_CLOEXEC.</param>
    /// <param name="mode">The permissions of a new file, less the umask.</param>
    /// <param name="fileIndex">
    /// The index in the ring's registered files, or <see cref="FixedFiles.AnyIndex"/>, which lets the
    /// kernel pick one that the result names.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpenatDirect(int directory, byte* path, int flags, uint mode, uint fileIndex)
    {
        PrepOpenat(directory, path, flags, mode);
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Opens a file with limits to how its path is resolved; the result is its descriptor. Linux 5.6,
    /// io_uring_prep_openat2(3), openat2(2).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="how">Flags, permissions and resolution; read at submission.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpenat2(int directory, byte* path, OpenHow* how)
    {
        _sqe->opcode = IORING_OP_OPENAT2;
        _sqe->fd = directory;
        _sqe->off = (ulong)how;
        _sqe->addr = (ulong)path;
        _sqe->len = (uint)sizeof(OpenHow);
    }

    /// <summary>
    /// Like <see cref="PrepOpenat2(int, byte*, OpenHow*)"/>, but as a registered file. Linux 5.15,
    /// io_uring_prep_openat2_direct(3).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">The path, NUL-terminated UTF-8; the kernel uses it until the completion.</param>
    /// <param name="how">Flags without O_CLOEXEC, permissions and resolution; read at submission.</param>
    /// <param name="fileIndex">
    /// The index in the ring's registered files, or <see cref="FixedFiles.AnyIndex"/>, which lets the
    /// kernel pick one that the result names.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepOpenat2Direct(int directory, byte* path, OpenHow* how, uint fileIndex)
    {
        PrepOpenat2(directory, path, how);
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Frees a place in the registered files; EBADF when it is empty. Linux 5.15,
    /// io_uring_prep_close_direct(3).
    /// </summary>
    /// <param name="fileIndex">The index.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCloseDirect(uint fileIndex)
    {
        _sqe->opcode = IORING_OP_CLOSE;
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Makes a descriptor of a registered file, which stays registered; the result is the descriptor. Linux
    /// 6.8, io_uring_prep_fixed_fd_install(3).
    /// </summary>
    /// <param name="fileIndex">The index.</param>
    /// <param name="flags">How to install it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFixedFdInstall(uint fileIndex, InstallFlags flags)
    {
        _sqe->opcode = IORING_OP_FIXED_FD_INSTALL;
        _sqe->fd = (int)fileIndex;
        _sqe->flags = IOSQE.IOSQE_FIXED_FILE;
        _sqe->install_fd_flags = (uint)flags;
    }

    /// <summary>
    /// Replaces registered files; the result is the number of places that were changed. With <see
    /// cref="FixedFiles.AnyIndex"/> as the offset (Linux 5.19) the kernel picks the places and writes their
    /// indexes over the descriptors. Linux 5.6, io_uring_prep_files_update(3).
    /// </summary>
    /// <param name="descriptors">
    /// The new files; -1 empties a place, <see cref="FixedFiles.Skip"/> leaves it. The kernel's until the
    /// completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">The first place; -1: the kernel picks.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFilesUpdate(int* descriptors, uint count, int offset)
    {
        _sqe->opcode = IORING_OP_FILES_UPDATE;
        _sqe->fd = -1;
        _sqe->off = (ulong)offset;
        _sqe->addr = (ulong)descriptors;
        _sqe->len = count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetTargetFile(uint fileIndex)
    {
        // The kernel takes 0 as none, and all ones as any.
        _sqe->file_index = fileIndex == FixedFiles.AnyIndex ? fileIndex : fileIndex + 1;
    }
}
