using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

/// <content>
/// Fields of the entry as such, and the bits of them that a method has set and nothing drops.
/// </content>
public readonly unsafe ref partial struct SubmissionEntry
{
    private const uint CancelKeys = IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_FD
        | IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL.IORING_ASYNC_CANCEL_USERDATA;

    private const uint ReceiveKinds = IORING_RECVSEND.IORING_RECV_MULTISHOT
        | IORING_RECVSEND.IORING_RECVSEND_FIXED_BUF | IORING_RECVSEND.IORING_RECVSEND_BUNDLE;

    /// <summary>
    /// All 64 bytes, as <c>io_uring_sqe</c> has them in the kernel's <c>io_uring.h</c>: for fields that no
    /// method sets. Valid until the next submission.
    /// </summary>
    public Span<byte> Bytes => new(_sqe, sizeof(io_uring_sqe));

    /// <summary>
    /// Adds io_uring's own flags of a send or a receive to what its method has set: <c>PrepRecv</c>, a buffer
    /// group and <see cref="SendReceiveFlags.Bundle"/> receive into several buffers at once.
    /// </summary>
    /// <param name="flags">The flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(SendReceiveFlags flags) => _sqe->ioprio |= (ushort)flags;

    /// <summary>Adds io_uring's own flags of an accept to what its method has set.</summary>
    /// <param name="flags">The flags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(AcceptFlags flags) => _sqe->ioprio |= (ushort)flags;

    // Without these the operation would be another one: it would receive into no buffer, or cancel by zero.
    private uint PreparedFlags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqe->flags & (_sqe->opcode == IORING_OP_FIXED_FD_INSTALL
            ? (uint)(IOSQE.IOSQE_BUFFER_SELECT | IOSQE.IOSQE_FIXED_FILE)
            : IOSQE.IOSQE_BUFFER_SELECT);
    }

    private uint PreparedPriority => _sqe->ioprio & _sqe->opcode switch
    {
        IORING_OP_ACCEPT => (uint)IORING_ACCEPT.IORING_ACCEPT_MULTISHOT,
        IORING_OP_RECV or IORING_OP_RECVMSG or IORING_OP_RECV_ZC or IORING_OP_SEND or IORING_OP_SENDMSG
            or IORING_OP_SEND_ZC or IORING_OP_SENDMSG_ZC => ReceiveKinds,
        _ => 0,
    };

    private uint PreparedOperationFlags => _sqe->rw_flags & _sqe->opcode switch
    {
        IORING_OP_ASYNC_CANCEL => CancelKeys,
        IORING_OP_TIMEOUT_REMOVE => IORING_TIMEOUT.IORING_TIMEOUT_UPDATE,
        IORING_OP_MSG_RING => IORING_MSG.IORING_MSG_RING_FLAGS_PASS,
        _ => 0,
    };
}
