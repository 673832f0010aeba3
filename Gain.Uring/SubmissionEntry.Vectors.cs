using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Reads into several pieces of memory; the result is the number of bytes, 0 at the end of file. Linux
    /// 5.1, io_uring_prep_readv(3), readv(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepReadv(int fd, IoVector* vectors, uint count, ulong offset)
    {
        _sqe->opcode = IORING_OP_READV;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)vectors;
        _sqe->len = count;
    }

    /// <summary>
    /// Like <see cref="PrepReadv"/>, but with flags; those that the file or the kernel lacks complete with
    /// EOPNOTSUPP. Linux 5.1, io_uring_prep_readv2(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="flags">RWF_* flags of preadv2(2), as RWF_NOWAIT (8) or RWF_DSYNC (2).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepReadv2(int fd, IoVector* vectors, uint count, ulong offset, int flags)
    {
        PrepReadv(fd, vectors, count, offset);
        _sqe->rw_flags = (uint)flags;
    }

    /// <summary>
    /// Like <see cref="PrepReadv2"/>, into pieces of one registered buffer; EFAULT when a piece lies outside
    /// it. Linux 6.15, io_uring_prep_readv_fixed(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="flags">RWF_* flags of preadv2(2), as RWF_NOWAIT (8) or RWF_DSYNC (2).</param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepReadvFixed(
        int fd, IoVector* vectors, uint count, ulong offset, int flags, ushort bufferIndex)
    {
        PrepReadv2(fd, vectors, count, offset, flags);
        _sqe->opcode = IORING_OP_READV_FIXED;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Writes several pieces of memory; the result is the number of bytes, which can be short. Linux 5.1,
    /// io_uring_prep_writev(3), writev(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWritev(int fd, IoVector* vectors, uint count, ulong offset)
    {
        _sqe->opcode = IORING_OP_WRITEV;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)vectors;
        _sqe->len = count;
    }

    /// <summary>Like <see cref="PrepWritev"/>, with flags. Linux 5.1, io_uring_prep_writev2(3).</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="flags">RWF_* flags of preadv2(2), as RWF_NOWAIT (8) or RWF_DSYNC (2).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWritev2(int fd, IoVector* vectors, uint count, ulong offset, int flags)
    {
        PrepWritev(fd, vectors, count, offset);
        _sqe->rw_flags = (uint)flags;
    }

    /// <summary>
    /// Like <see cref="PrepWritev2"/>, but from pieces of one registered buffer; EFAULT when a piece lies
    /// outside it. Linux 6.15, io_uring_prep_writev_fixed(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="vectors">
    /// The list of pieces, read at submission; the pieces are the kernel uses it until the completion.
    /// </param>
    /// <param name="count">Their number.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="flags">RWF_* flags of preadv2(2), as RWF_NOWAIT (8) or RWF_DSYNC (2).</param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWritevFixed(
        int fd, IoVector* vectors, uint count, ulong offset, int flags, ushort bufferIndex)
    {
        PrepWritev2(fd, vectors, count, offset, flags);
        _sqe->opcode = IORING_OP_WRITEV_FIXED;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Reads into a registered buffer, which saves the kernel the look-up of its pages; the result is the
    /// number of bytes. EFAULT when the memory lies outside the buffer. Linux 5.1,
    /// io_uring_prep_read_fixed(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">Memory within the registered buffer; the kernel uses it until the
    /// completion.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepReadFixed(int fd, void* buffer, uint length, ulong offset, ushort bufferIndex)
    {
        _sqe->opcode = IORING_OP_READ_FIXED;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Writes from a registered buffer; otherwise as <see cref="PrepReadFixed(int, void*, uint, ulong,
    /// ushort)"/>. Linux 5.1, io_uring_prep_write_fixed(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">Memory within the registered buffer; unchanged until the completion.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWriteFixed(int fd, void* buffer, uint length, ulong offset, ushort bufferIndex)
    {
        _sqe->opcode = IORING_OP_WRITE_FIXED;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Reads each time there is data, into buffers of a group, until the end of file, an error or an empty
    /// group (ENOBUFS). For what can be polled: pipes, terminals, event descriptors; EBADFD for regular
    /// files. Linux 6.7, io_uring_prep_read_multishot(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="length">The most bytes of a read; 0: the size of the buffer.</param>
    /// <param name="offset">
    /// Where in the file, in bytes; <see cref="ulong.MaxValue"/>: at its own position.
    /// </param>
    /// <param name="group">The buffer group.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepReadMultishot(int fd, uint length, ulong offset, ushort group)
    {
        _sqe->opcode = IORING_OP_READ_MULTISHOT;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->len = length;
        SetBufferGroup(group);
    }

    /// <summary>
    /// Fills the fields that most operations share: for an operation that has no method of its own.
    /// io_uring_prep_rw, in liburing.h.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="memory">What the operation takes as its address.</param>
    /// <param name="length">What it takes as its length.</param>
    /// <param name="offset">What it takes as its offset.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRw(RingOperation operation, int fd, void* memory, uint length, ulong offset)
    {
        _sqe->opcode = (byte)operation;
        _sqe->fd = fd;
        _sqe->off = offset;
        _sqe->addr = (ulong)memory;
        _sqe->len = length;
    }

    /// <summary>
    /// Reads into a part of a registered buffer, checked: nothing that is not the buffer's is lent.
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">The buffers, of the same ring.</param>
    /// <param name="index">The place of the buffer.</param>
    /// <param name="start">Where in the buffer, in bytes.</param>
    /// <param name="length">The most bytes. They are the kernel uses it until the completion.</param>
    /// <param name="offset">Where in the file, in bytes; as of the other one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is not in the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffers were unregistered.</exception>
    public void PrepReadFixed(int fd, FixedBuffers buffers, int index, int start, int length, ulong offset)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        PrepReadFixed(fd, buffers.Locate(index, start, length), (uint)length, offset, (ushort)index);
    }

    /// <summary>Writes a part of a registered buffer, checked.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">The buffers, of the same ring.</param>
    /// <param name="index">The place of the buffer.</param>
    /// <param name="start">Where in the buffer, in bytes.</param>
    /// <param name="length">The number of bytes. They stay as they are until the completion.</param>
    /// <param name="offset">Where in the file, in bytes; as of the other one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is not in the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffers were unregistered.</exception>
    public void PrepWriteFixed(int fd, FixedBuffers buffers, int index, int start, int length, ulong offset)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        PrepWriteFixed(fd, buffers.Locate(index, start, length), (uint)length, offset, (ushort)index);
    }
}
