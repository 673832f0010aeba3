using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;
using static Gain.Kernel.IORING_RECVSEND;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Receives into several pieces of memory, with the sender's address and control data; the result is
    /// the number of bytes. Linux 5.3, io_uring_prep_recvmsg(3), recvmsg(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="message">
    /// The header, and all that it points at: the kernel uses it until the completion, which writes to the
    /// header.
    /// </param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMsg(int fd, MessageHeader* message, int flags)
    {
        _sqe->opcode = IORING_OP_RECVMSG;
        _sqe->fd = fd;
        _sqe->addr = (ulong)message;
        _sqe->len = 1;
        _sqe->msg_flags = (uint)flags;
    }

    /// <summary>
    /// Like <see cref="PrepRecvMsg(int, MessageHeader*, int)"/> until the end, an error or an empty group,
    /// each time into a buffer of the group that <see cref="SetBufferGroup"/> has to name;
    /// <see cref="ReceivedMessage"/> reads it. Linux 6.0, io_uring_prep_recvmsg_multishot(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="message">
    /// Read at submission: the sizes of the address and of the control data to leave room for in each
    /// buffer; no pieces.
    /// </param>
    /// <param name="flags">MSG_* flags; MSG_TRUNC (0x20) tells of a datagram that did not fit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMsgMultishot(int fd, MessageHeader* message, int flags)
    {
        PrepRecvMsg(fd, message, flags);
        _sqe->ioprio = IORING_RECV_MULTISHOT;
    }

    /// <summary>
    /// Like <see cref="PrepSendMsg(int, MessageHeader*, int)"/>, but without copying the pieces: they are the
    /// kernel's until the notification, a second completion that <see cref="CompletionEntry.HasMore"/> of
    /// the first announces. Linux 6.1, io_uring_prep_sendmsg_zc(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="message">The header, which with its list is read at submission.</param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsgZc(int fd, MessageHeader* message, int flags)
    {
        PrepSendMsg(fd, message, flags);
        _sqe->opcode = IORING_OP_SENDMSG_ZC;
    }

    /// <summary>
    /// Like <see cref="PrepSendMsgZc(int, MessageHeader*, int)"/>, but from pieces of one registered buffer.
    /// Linux 6.15, io_uring_prep_sendmsg_zc_fixed(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="message">The header, which with its list is read at submission.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsgZcFixed(int fd, MessageHeader* message, int flags, ushort bufferIndex)
    {
        PrepSendMsgZc(fd, message, flags);
        _sqe->ioprio |= IORING_RECVSEND_FIXED_BUF;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Sends what the buffers of a group hold, as many as there are, in order; <see cref="SetBufferGroup"/>
    /// has to name the group. The result is the number of bytes, and the buffers follow each other from the
    /// one that the completion names. Linux 6.10, io_uring_prep_send_bundle(3).
    /// </summary>
    /// <param name="fd">A connected socket.</param>
    /// <param name="length">The most bytes; 0: all.</param>
    /// <param name="flags">MSG_* flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendBundle(int fd, uint length, int flags)
    {
        PrepSend(fd, null, length, flags);
        _sqe->ioprio |= IORING_RECVSEND_BUNDLE;
    }

    /// <summary>
    /// Sends a datagram to an address. Linux 6.1 (SEND takes an address), io_uring_prep_sendto(3),
    /// sendto(2).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="buffer">The bytes; unchanged until the completion.</param>
    /// <param name="length">Their number.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="address">The <c>sockaddr</c>; read at submission.</param>
    /// <param name="addressLength">Its size in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendTo(
        int fd, void* buffer, uint length, int flags, void* address, ushort addressLength)
    {
        PrepSend(fd, buffer, length, flags);
        PrepSendSetAddr(address, addressLength);
    }

    /// <summary>
    /// Gives a prepared send (<see cref="PrepSend(int, void*, uint, int)"/>,
    /// <see cref="PrepSendZc(int, void*, uint, int, SendReceiveFlags)"/>) the address that it goes to: of
    /// a zero-copy send Linux 6.0, of a plain one 6.1; io_uring_prep_send_set_addr(3).
    /// </summary>
    /// <param name="address">The <c>sockaddr</c>; read at submission.</param>
    /// <param name="addressLength">Its size in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendSetAddr(void* address, ushort addressLength)
    {
        _sqe->addr2 = (ulong)address;
        _sqe->addr_len = addressLength;
    }

    /// <summary>
    /// Sends without copying. The first completion tells the result; when it has <see
    /// cref="CompletionEntry.HasMore"/>, the memory is the kernel's until a second one, <see
    /// cref="CompletionEntry.IsNotification"/>. It pays for several kilobytes at a time on a network card;
    /// over loopback the kernel copies. Linux 6.0, io_uring_prep_send_zc(3).
    /// </summary>
    /// <param name="fd">A socket; EOPNOTSUPP for kinds that cannot.</param>
    /// <param name="buffer">The bytes; unchanged until the notification.</param>
    /// <param name="length">Their number.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="options">
    /// How to send; <see cref="SendReceiveFlags.ReportUsage"/> has the notification tell whether the kernel
    /// copied after all.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendZc(int fd, void* buffer, uint length, int flags, SendReceiveFlags options)
    {
        PrepSend(fd, buffer, length, flags);
        _sqe->opcode = IORING_OP_SEND_ZC;
        _sqe->ioprio = (ushort)options;
    }

    /// <summary>
    /// Like <see cref="PrepSendZc(int, void*, uint, int, SendReceiveFlags)"/>, but from a registered buffer.
    /// Linux 6.0, io_uring_prep_send_zc_fixed(3).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="buffer">
    /// The bytes, within the registered buffer; unchanged until the notification.
    /// </param>
    /// <param name="length">Their number.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="options">How to send.</param>
    /// <param name="bufferIndex">The index of the registered buffer that the memory lies in.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendZcFixed(
        int fd, void* buffer, uint length, int flags, SendReceiveFlags options, ushort bufferIndex)
    {
        PrepSendZc(fd, buffer, length, flags, options);
        _sqe->ioprio |= IORING_RECVSEND_FIXED_BUF;
        _sqe->buf_index = bufferIndex;
    }

    /// <summary>
    /// Receives into the area of a <see cref="ZeroCopyReceive"/>, until the end or an error; each
    /// completion has 32 bytes and says where the bytes are. Linux 6.15, with a network card that can;
    /// there is no function of liburing for it.
    /// </summary>
    /// <param name="fd">A TCP socket whose packets arrive on the registered queue.</param>
    /// <param name="queue"><see cref="ZeroCopyReceive.Id"/>.</param>
    /// <param name="length">The most bytes in all; 0: no limit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvZc(int fd, uint queue, uint length)
    {
        _sqe->opcode = IORING_OP_RECV_ZC;
        _sqe->fd = fd;
        _sqe->len = length;
        _sqe->ioprio = IORING_RECV_MULTISHOT;
        _sqe->zcrx_ifq_idx = queue;
    }
}
