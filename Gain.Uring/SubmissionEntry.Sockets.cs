using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_ACCEPT;
using static Gain.Kernel.IORING_OP;
using static Gain.Kernel.IORING_RECVSEND;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Accepts one connection; the result is its descriptor. Linux 5.5, io_uring_prep_accept(3), accept4(2).
    /// </summary>
    /// <param name="fd">A listening socket.</param>
    /// <param name="address">Where the peer's address goes, until the completion; null: nowhere.</param>
    /// <param name="addressLength">The size of <paramref name="address"/>, then its length; or null.</param>
    /// <param name="flags">SOCK_CLOEXEC (0x80000), SOCK_NONBLOCK (0x800).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepAccept(int fd, void* address, uint* addressLength, int flags)
    {
        _sqe->opcode = IORING_OP_ACCEPT;
        _sqe->fd = fd;
        _sqe->addr2 = (ulong)addressLength;
        _sqe->addr = (ulong)address;
        _sqe->accept_flags = (uint)flags;
    }

    // PrepMultishotAccept without a place for addresses, for callers that have one field less to write.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrepAcceptMultishot(int fd, int flags)
    {
        _sqe->opcode = IORING_OP_ACCEPT;
        _sqe->ioprio = IORING_ACCEPT_MULTISHOT;
        _sqe->fd = fd;
        _sqe->accept_flags = (uint)flags;
    }

    /// <summary>
    /// Receives into memory or, with <see cref="SetBufferGroup"/>, into a buffer of a group; the result is
    /// the number of bytes, 0 at the end of file. Linux 5.6, io_uring_prep_recv(3), recv(2).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="buffer">The memory, the kernel uses it until the completion; null with a group.</param>
    /// <param name="length">Its size in bytes; with a group, 0 for the size of the buffer.</param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecv(int fd, void* buffer, uint length, int flags)
    {
        _sqe->opcode = IORING_OP_RECV;
        _sqe->fd = fd;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
        _sqe->msg_flags = (uint)flags;
    }

    /// <summary>
    /// Receives until the end of file, an error, an empty buffer group (ENOBUFS) or a cancellation, each
    /// time into a buffer of the group that <see cref="SetBufferGroup"/> has to name. Linux 6.0,
    /// io_uring_prep_recv_multishot(3).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="flags">MSG_* flags; not MSG_WAITALL.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMultishot(int fd, int flags) => PrepRecvMultishot(fd, null, 0, flags);

    /// <summary>Like <see cref="PrepRecvMultishot(int, int)"/>, with all that liburing's takes.</summary>
    /// <param name="fd">A socket.</param>
    /// <param name="buffer">Null: the bytes go to buffers of the group.</param>
    /// <param name="length">
    /// The most bytes of a completion (Linux 6.17; EINVAL before), so that one busy socket leaves the others
    /// their turn. 0: no limit but the buffer's.
    /// </param>
    /// <param name="flags">MSG_* flags; not MSG_WAITALL.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMultishot(int fd, void* buffer, uint length, int flags)
    {
        PrepRecv(fd, buffer, length, flags);
        _sqe->ioprio = IORING_RECV_MULTISHOT;
    }

    /// <summary>
    /// Sends; the result is the number of bytes, which can be short without MSG_WAITALL. One at a time on a
    /// stream socket: the kernel may run two out of order. Linux 5.6, io_uring_prep_send(3), send(2).
    /// </summary>
    /// <param name="fd">A connected socket.</param>
    /// <param name="buffer">The bytes; unchanged until the completion.</param>
    /// <param name="length">Their number.</param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSend(int fd, void* buffer, uint length, int flags)
    {
        _sqe->opcode = IORING_OP_SEND;
        _sqe->fd = fd;
        _sqe->addr = (ulong)buffer;
        _sqe->len = length;
        _sqe->msg_flags = (uint)flags;
    }

    /// <summary>
    /// Sends a message from several pieces of memory; otherwise as
    /// <see cref="PrepSend(int, void*, uint, int)"/>. Linux 5.3, io_uring_prep_sendmsg(3), sendmsg(2).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="message">
    /// The header, which with its list is read at submission; the pieces are to be unchanged until the
    /// completion.
    /// </param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsg(int fd, MessageHeader* message, int flags) =>
        PrepSendMsg(fd, (void*)message, flags);

    // For the kernel's own msghdr, which has the same layout.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrepSendMsg(int fd, void* message, int flags)
    {
        _sqe->opcode = IORING_OP_SENDMSG;
        _sqe->fd = fd;
        _sqe->addr = (ulong)message;
        _sqe->len = 1;
        _sqe->msg_flags = (uint)flags;
    }
}
