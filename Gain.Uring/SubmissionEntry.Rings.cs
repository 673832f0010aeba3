using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Like <see cref="PrepMsgRing"/>, and gives the completion there flags. Linux 6.3,
    /// io_uring_prep_msg_ring_cqe_flags(3).
    /// </summary>
    /// <param name="ringFd">The other ring's <see cref="Ring.Descriptor"/>.</param>
    /// <param name="length">The result of the completion there.</param>
    /// <param name="data">The user data of the completion there.</param>
    /// <param name="flags">How to post; <see cref="MessageFlags.PassFlags"/> is added.</param>
    /// <param name="completionFlags">The flags of the completion there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMsgRingCqeFlags(
        int ringFd, uint length, ulong data, MessageFlags flags, uint completionFlags)
    {
        PrepMsgRing(ringFd, length, data, flags | MessageFlags.PassFlags);
        _sqe->file_index = completionFlags;
    }

    /// <summary>
    /// Passes a registered file to another ring, where it is registered too, and posts a completion there.
    /// With <see cref="FixedFiles.AnyIndex"/> as its target, the result here and there is the index. Linux
    /// 6.0, io_uring_prep_msg_ring_fd(3).
    /// </summary>
    /// <param name="ringFd">The other ring's <see cref="Ring.Descriptor"/>.</param>
    /// <param name="sourceIndex">Its index here.</param>
    /// <param name="targetIndex">Its index there, or <see cref="FixedFiles.AnyIndex"/> (Linux 6.3).</param>
    /// <param name="data">The user data of the completion there.</param>
    /// <param name="flags">How to post.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMsgRingFd(
        int ringFd, uint sourceIndex, uint targetIndex, ulong data, MessageFlags flags)
    {
        PrepMsgRing(ringFd, 0, data, flags);
        _sqe->addr = IORING_MSG.IORING_MSG_SEND_FD;
        _sqe->addr3 = sourceIndex;
        SetTargetFile(targetIndex);
    }

    /// <summary>
    /// Like <see cref="PrepMsgRingFd"/>, but at an index that the kernel picks. Linux 6.3,
    /// io_uring_prep_msg_ring_fd_alloc(3).
    /// </summary>
    /// <param name="ringFd">The other ring's <see cref="Ring.Descriptor"/>.</param>
    /// <param name="sourceIndex">Its index here.</param>
    /// <param name="data">The user data of the completion there.</param>
    /// <param name="flags">How to post.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMsgRingFdAlloc(int ringFd, uint sourceIndex, ulong data, MessageFlags flags)
    {
        PrepMsgRingFd(ringFd, sourceIndex, FixedFiles.AnyIndex, data, flags);
    }

    /// <summary>
    /// Adds buffers to a group that is not a buffer ring; each goes back by being provided again. A <see
    /// cref="BufferRing"/> is faster. Linux 5.7, io_uring_prep_provide_buffers(3).
    /// </summary>
    /// <param name="memory">
    /// The first of the buffers, which follow each other; the kernel uses it until a completion names their
    /// ids.
    /// </param>
    /// <param name="length">The size of each, in bytes.</param>
    /// <param name="count">Their number.</param>
    /// <param name="group">The group.</param>
    /// <param name="firstId">The first one's id; the others count up.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepProvideBuffers(void* memory, uint length, int count, ushort group, ushort firstId)
    {
        _sqe->opcode = IORING_OP_PROVIDE_BUFFERS;
        _sqe->fd = count;
        _sqe->off = firstId;
        _sqe->addr = (ulong)memory;
        _sqe->len = length;
        _sqe->buf_group = group;
    }

    /// <summary>
    /// Takes buffers out of a group that is not a buffer ring; the result is their number, ENOENT when there
    /// is no such group. Linux 5.7, io_uring_prep_remove_buffers(3).
    /// </summary>
    /// <param name="count">The most buffers.</param>
    /// <param name="group">The group.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRemoveBuffers(int count, ushort group)
    {
        _sqe->opcode = IORING_OP_REMOVE_BUFFERS;
        _sqe->fd = count;
        _sqe->buf_group = group;
    }
}
