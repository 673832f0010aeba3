using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Moves bytes from one descriptor to another without copying them through user memory; one of the two
    /// has to be a pipe. The result is the number of bytes. Linux 5.7, io_uring_prep_splice(3), splice(2).
    /// </summary>
    /// <param name="fdIn">Where they come from.</param>
    /// <param name="offsetIn">Where in that file; -1 for a pipe, or the file's own position.</param>
    /// <param name="fdOut">Where they go.</param>
    /// <param name="offsetOut">Where in that file; -1 for a pipe, or the file's own position.</param>
    /// <param name="length">The most bytes to move.</param>
    /// <param name="flags">
    /// SPLICE_F_* flags; <see cref="SpliceFromFixedFile"/> when <paramref name="fdIn"/> is an index of the
    /// registered files.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSplice(int fdIn, long offsetIn, int fdOut, long offsetOut, uint length, uint flags)
    {
        _sqe->opcode = IORING_OP_SPLICE;
        _sqe->fd = fdOut;
        _sqe->off = (ulong)offsetOut;
        _sqe->len = length;
        _sqe->splice_off_in = (ulong)offsetIn;
        _sqe->splice_fd_in = fdIn;
        _sqe->splice_flags = flags;
    }

    /// <summary>
    /// Duplicates what is in a pipe into another, and leaves it there. The result is the number of bytes.
    /// Linux 5.8, io_uring_prep_tee(3), tee(2).
    /// </summary>
    /// <param name="fdIn">The pipe that is read.</param>
    /// <param name="fdOut">The pipe that is written to.</param>
    /// <param name="length">The most bytes.</param>
    /// <param name="flags">As for <see cref="PrepSplice"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepTee(int fdIn, int fdOut, uint length, uint flags)
    {
        _sqe->opcode = IORING_OP_TEE;
        _sqe->fd = fdOut;
        _sqe->len = length;
        _sqe->splice_fd_in = fdIn;
        _sqe->splice_flags = flags;
    }

    /// <summary>Makes a pipe. Linux 6.16, io_uring_prep_pipe(3), pipe2(2).</summary>
    /// <param name="descriptors">
    /// Where the two go, first the one to read from; the kernel uses it until the completion.
    /// </param>
    /// <param name="flags">O_CLOEXEC (0x80000), O_NONBLOCK (0x800), O_DIRECT.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPipe(int* descriptors, int flags)
    {
        _sqe->opcode = IORING_OP_PIPE;
        _sqe->fd = 0;
        _sqe->addr = (ulong)descriptors;
        _sqe->pipe_flags = (uint)flags;
    }

    /// <summary>
    /// Makes a pipe of registered files: at the index and the next one, or where the kernel picks. Linux
    /// 6.16, io_uring_prep_pipe_direct(3).
    /// </summary>
    /// <param name="descriptors">Where the two indexes go; the kernel uses it until the completion.</param>
    /// <param name="flags">O_NONBLOCK (0x800), O_DIRECT.</param>
    /// <param name="fileIndex">
    /// The first of two neighbouring indexes in the ring's registered files, or
    /// <see cref="FixedFiles.AnyIndex"/>, which lets the kernel pick them. The result is 0 either way, and
    /// the indexes are in <paramref name="descriptors"/>.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPipeDirect(int* descriptors, int flags, uint fileIndex)
    {
        PrepPipe(descriptors, flags);
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Changes what an epoll instance watches. Linux 5.6, io_uring_prep_epoll_ctl(3), epoll_ctl(2).
    /// </summary>
    /// <param name="epoll">The epoll instance.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="operation">EPOLL_CTL_ADD (1), _DEL (2) or _MOD (3).</param>
    /// <param name="epollEvent">
    /// The <c>struct epoll_event</c> (12 bytes on x64, 16 elsewhere); read at submission.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepEpollCtl(int epoll, int fd, int operation, void* epollEvent)
    {
        _sqe->opcode = IORING_OP_EPOLL_CTL;
        _sqe->fd = epoll;
        _sqe->off = (uint)fd;
        _sqe->addr = (ulong)epollEvent;
        _sqe->len = (uint)operation;
    }

    /// <summary>
    /// Completes when an epoll instance has events; the result is their number. Linux 6.15,
    /// io_uring_prep_epoll_wait(3), epoll_wait(2).
    /// </summary>
    /// <param name="epoll">The epoll instance.</param>
    /// <param name="epollEvents">Where the events go; the kernel uses it until the completion.</param>
    /// <param name="count">The most events.</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepEpollWait(int epoll, void* epollEvents, int count, uint flags)
    {
        _sqe->opcode = IORING_OP_EPOLL_WAIT;
        _sqe->fd = epoll;
        _sqe->addr = (ulong)epollEvents;
        _sqe->len = (uint)count;
        _sqe->rw_flags = flags;
    }
}
