using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Writes what the kernel holds back of a file to its device. It is not ordered with writes in flight:
    /// link them. Linux 5.1, io_uring_prep_fsync(3), fsync(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="flags">What to write.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFsync(int fd, FileSyncFlags flags)
    {
        _sqe->opcode = IORING_OP_FSYNC;
        _sqe->fd = fd;
        _sqe->fsync_flags = (uint)flags;
    }

    /// <summary>
    /// Writes back a part of a file. Linux 5.2, io_uring_prep_sync_file_range(3), sync_file_range(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="length">The length of the part in bytes; 0: to the end of file.</param>
    /// <param name="offset">Where it starts, in bytes.</param>
    /// <param name="flags">SYNC_FILE_RANGE_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSyncFileRange(int fd, uint length, ulong offset, int flags)
    {
        _sqe->opcode = IORING_OP_SYNC_FILE_RANGE;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->len = length;
        _sqe->sync_range_flags = (uint)flags;
    }

    /// <summary>
    /// Allocates, or with a mode deallocates, space of a file. Linux 5.6, io_uring_prep_fallocate(3),
    /// fallocate(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="mode">0, or FALLOC_FL_* flags.</param>
    /// <param name="offset">Where the range starts, in bytes.</param>
    /// <param name="length">Its length in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFallocate(int fd, int mode, ulong offset, ulong length)
    {
        _sqe->opcode = IORING_OP_FALLOCATE;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = length;
        _sqe->len = (uint)mode;
    }

    /// <summary>Cuts or extends a file. Linux 6.9, io_uring_prep_ftruncate(3), ftruncate(2).</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="length">Its new size in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFtruncate(int fd, long length)
    {
        _sqe->opcode = IORING_OP_FTRUNCATE;
        _sqe->fd = fd;
        _sqe->off = (ulong)length;
    }

    /// <summary>
    /// Says how a range of a file is going to be used. Linux 5.6, io_uring_prep_fadvise(3),
    /// posix_fadvise(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="offset">Where the range starts, in bytes.</param>
    /// <param name="length">Its length in bytes; 0: to the end of file.</param>
    /// <param name="advice">A POSIX_FADV_* value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFadvise(int fd, ulong offset, uint length, int advice)
    {
        _sqe->opcode = IORING_OP_FADVISE;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->len = length;
        _sqe->fadvise_advice = (uint)advice;
    }

    /// <summary>
    /// Like <see cref="PrepFadvise"/> with a length of 64 bits. Linux 6.10; an older kernel takes the length
    /// as 0, the end of file. io_uring_prep_fadvise64(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="offset">Where the range starts, in bytes.</param>
    /// <param name="length">Its length in bytes; 0: to the end of file.</param>
    /// <param name="advice">A POSIX_FADV_* value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFadvise64(int fd, ulong offset, long length, int advice)
    {
        _sqe->opcode = IORING_OP_FADVISE;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)length;
        _sqe->fadvise_advice = (uint)advice;
    }

    /// <summary>
    /// Says how memory is going to be used. Linux 5.6, io_uring_prep_madvise(3), madvise(2).
    /// </summary>
    /// <param name="memory">The memory, page-aligned.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="advice">A MADV_* value. Some of them lose what the memory holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMadvise(void* memory, uint length, int advice)
    {
        _sqe->opcode = IORING_OP_MADVISE;
        _sqe->fd = -1;
        _sqe->addr = (ulong)memory;
        _sqe->len = length;
        _sqe->fadvise_advice = (uint)advice;
    }

    /// <summary>
    /// Like <see cref="PrepMadvise"/> with a length of 64 bits. Linux 6.10; an older kernel takes the length
    /// as 0. io_uring_prep_madvise64(3).
    /// </summary>
    /// <param name="memory">The memory, page-aligned.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="advice">A MADV_* value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMadvise64(void* memory, long length, int advice)
    {
        _sqe->opcode = IORING_OP_MADVISE;
        _sqe->fd = -1;
        _sqe->off = (ulong)length;
        _sqe->addr = (ulong)memory;
        _sqe->fadvise_advice = (uint)advice;
    }

    /// <summary>
    /// Reads the facts of a file: size, times, owner, kind. Linux 5.6, io_uring_prep_statx(3), statx(2).
    /// </summary>
    /// <param name="directory">
    /// The directory that a relative path starts at; <see cref="CurrentDirectory"/> for the process's.
    /// </param>
    /// <param name="path">
    /// The path, NUL-terminated UTF-8; empty with AT_EMPTY_PATH (0x1000), for a descriptor.
    /// </param>
    /// <param name="flags">AT_* flags.</param>
    /// <param name="mask">STATX_* bits: what is asked for.</param>
    /// <param name="status">Where the answer goes; the kernel uses it until the completion.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepStatx(int directory, byte* path, int flags, uint mask, FileStatus* status)
    {
        _sqe->opcode = IORING_OP_STATX;
        _sqe->fd = directory;
        _sqe->off = (ulong)status;
        _sqe->addr = (ulong)path;
        _sqe->len = mask;
        _sqe->statx_flags = (uint)flags;
    }
}
