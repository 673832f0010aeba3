using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Reads; the result is the number of bytes, 0 at the end of file. Linux 5.6, io_uring_prep_read(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">The memory, the kernel uses it until the completion; null with a group.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="offset">
    /// Where in the file; <see cref="ulong.MaxValue"/>: at its own position. 0 for what has none.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRead(int fd, void* buffer, uint length, ulong offset)
    {
        _sqe->opcode = IORING_OP_READ;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
    }

    /// <summary>
    /// Writes; the result is the number of bytes, which can be short. Linux 5.6, io_uring_prep_write(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">The bytes; unchanged until the completion.</param>
    /// <param name="length">Their number.</param>
    /// <param name="offset">As in <see cref="PrepRead"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWrite(int fd, void* buffer, uint length, ulong offset)
    {
        _sqe->opcode = IORING_OP_WRITE;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
    }

    /// <summary>
    /// Closes a descriptor. Operations in flight on it go on: cancel them first. Linux 5.6,
    /// io_uring_prep_close(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepClose(int fd)
    {
        _sqe->opcode = IORING_OP_CLOSE;
        _sqe->fd = fd;
    }
}
