using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_ASYNC_CANCEL;
using static Gain.Kernel.IORING_MSG;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

/// <summary>
/// A place in the submission ring: the 64 bytes of the kernel's <c>io_uring_sqe</c>, cleared. One
/// <c>Prep…</c> method says what to do; then come <see cref="UserData"/> and the rest. From
/// <see cref="Ring.TryGetEntry"/>, and only on the ring's thread.
/// </summary>
/// <remarks>
/// The entry is the caller's until the next submission; what is not prepared by then goes out as a NOP. It
/// leads into the ring's memory: never touch it after the ring was disposed of or resized, which it cannot
/// notice; that ends the process, or damages what else is at the place.
/// Memory that an operation reads or writes (a buffer, a <c>msghdr</c>'s pieces) is the kernel's until the
/// operation's last completion. Memory that only describes it (a <c>msghdr</c>, a <see cref="Timespec"/>)
/// is read when it is submitted, on kernels with <see cref="RingFeatures.SubmitStable"/>.
/// <para>
/// The methods are those of liburing under their own names in Pascal case, and its man pages describe
/// them: <c>PrepRecv</c> is io_uring_prep_recv(3). None checks anything: an error is the completion's
/// result. An operation that the kernel lacks completes with EINVAL.
/// </para>
/// </remarks>
public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>Where relative paths start: the process's current directory (AT_FDCWD).</summary>
    public const int CurrentDirectory = -100;

    /// <summary>
    /// A flag of <see cref="PrepSplice"/> and <see cref="PrepTee"/>: the descriptor to read from is an index
    /// into the registered files (SPLICE_F_FD_IN_FIXED).
    /// </summary>
    public const uint SpliceFromFixedFile = SPLICE_F.SPLICE_F_FD_IN_FIXED;

    private const int CommandBytes = 16;

    // SAFETY: points into the ring's mapping of the SQEs, which lives until Ring.Dispose. The kernel does not
    // read it before the tail is published, which only Ring does. A ref struct cannot outlive the frame
    // that took it; keeping it past a submission is a misuse that can damage a later entry, not memory. Past
    // Dispose or Resize in the same frame it would write to memory that is unmapped, or another's: no check
    // for every field of every entry is worth that, and the remarks above forbid it.
    private readonly io_uring_sqe* _sqe;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SubmissionEntry(io_uring_sqe* sqe) => _sqe = sqe;

    /// <summary>What the completions of this submission carry; any value. 0 when it is not set.</summary>
    public ulong UserData
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqe->user_data;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _sqe->user_data = value;
    }

    /// <summary>
    /// How the submission is treated. Set it after the <c>Prep…</c> method. What the operation cannot do
    /// without, and a method has set, stays: the buffer group of <see cref="SetBufferGroup"/>, the registered
    /// file of <see cref="PrepFixedFdInstall"/>.
    /// </summary>
    public SubmissionFlags Flags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (SubmissionFlags)_sqe->flags;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _sqe->flags = (byte)((uint)value | PreparedFlags);
    }

    /// <summary>
    /// The priority of file operations (ioprio_set(2)); of socket operations, their own flags
    /// (<c>IORING_RECVSEND_*</c>, <c>IORING_ACCEPT_*</c>), for which <see
    /// cref="Add(SendReceiveFlags)"/> and <see cref="Add(AcceptFlags)"/> are clearer. What a <c>Prep…</c>
    /// method has set of these stays.
    /// </summary>
    public ushort IoPriority
    {
        get => _sqe->ioprio;
        set => _sqe->ioprio = (ushort)(value | PreparedPriority);
    }

    /// <summary>
    /// The operation's own flags (RWF_*, MSG_*, O_*, …), where the <c>Prep…</c> methods put them: for a flag
    /// that its method does not take, as those of PrepRead and PrepNop. Set it after the method; what makes
    /// the operation what it is (the key of a cancellation, the update of a timeout) stays.
    /// </summary>
    public uint OperationFlags
    {
        get => _sqe->rw_flags;
        set => _sqe->rw_flags = value | PreparedOperationFlags;
    }

    /// <summary>
    /// The registered buffer of an operation that takes one; shares its place with the group.
    /// </summary>
    public ushort BufferIndex
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqe->buf_index;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _sqe->buf_index = value;
    }

    /// <summary>
    /// The credentials that the operation runs with, from <see cref="Ring.RegisterPersonality"/>; 0: those of
    /// the thread. Linux 5.6.
    /// </summary>
    public ushort Personality
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sqe->personality;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _sqe->personality = value;
    }

    /// <summary>
    /// The 16 bytes of a command's own data. The span is valid until the next submission; commands of 80
    /// bytes are in a <see cref="LargeSubmissionEntry"/>.
    /// </summary>
    public Span<byte> Command => new(&_sqe->cmd, CommandBytes);

    /// <summary>
    /// Gives a read or write attributes (Linux 6.14): with mask 1, the protection information of a device
    /// (<c>struct io_uring_attr_pi</c>).
    /// </summary>
    /// <param name="attributes">The attributes; read at submission.</param>
    /// <param name="mask">The kinds that there are (<c>IORING_RW_ATTR_FLAG_*</c>).</param>
    public void SetAttributes(void* attributes, ulong mask)
    {
        _sqe->attr_ptr = (ulong)attributes;
        _sqe->attr_type_mask = mask;
    }

    /// <summary>
    /// Lets the kernel take a buffer of a group when data is there (Linux 5.7; with a
    /// <see cref="BufferRing"/>, 5.19). ENOBUFS when the group is empty.
    /// </summary>
    /// <param name="group">The group.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetBufferGroup(ushort group)
    {
        _sqe->buf_group = group;
        _sqe->flags |= IOSQE.IOSQE_BUFFER_SELECT;
    }

    /// <summary>Does nothing but complete with 0. Linux 5.1, io_uring_prep_nop(3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepNop()
    {
        _sqe->opcode = IORING_OP_NOP;
        _sqe->fd = -1;
    }

    /// <summary>
    /// Cancels by user data, or with <see cref="CancelFlags.Any"/> whatever there is. The result is 0 (with
    /// <see cref="CancelFlags.All"/> the number), ENOENT when nothing matched, EALREADY when it was too late
    /// to tell. What was cancelled completes on its own, with ECANCELED or with what it had done. Linux 5.5,
    /// io_uring_prep_cancel64(3).
    /// </summary>
    /// <param name="userData">The user data of what to cancel.</param>
    /// <param name="flags">What to match; not by operation or descriptor: that is another method.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCancel(ulong userData, CancelFlags flags)
    {
        _sqe->opcode = IORING_OP_ASYNC_CANCEL;
        _sqe->fd = -1;
        _sqe->addr = userData;
        _sqe->cancel_flags = (uint)flags;
    }

    /// <summary>
    /// Cancels by descriptor, which has to be open still; otherwise as
    /// <see cref="PrepCancel(ulong, CancelFlags)"/>. Linux 5.19, io_uring_prep_cancel_fd(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="flags">How to match; <see cref="CancelFlags.Descriptor"/> is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCancelFd(int fd, CancelFlags flags)
    {
        _sqe->opcode = IORING_OP_ASYNC_CANCEL;
        _sqe->fd = fd;
        _sqe->cancel_flags = (uint)flags | IORING_ASYNC_CANCEL_FD;
    }

    /// <summary>
    /// Cancels what has the descriptor and the user data; otherwise as
    /// <see cref="PrepCancelFd(int, CancelFlags)"/>. Linux 6.6.
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="userData">The user data of what to cancel.</param>
    /// <param name="flags">
    /// How to match; <see cref="CancelFlags.Descriptor"/> and <see cref="CancelFlags.UserData"/> are added.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCancelFd(int fd, ulong userData, CancelFlags flags)
    {
        PrepCancelFd(fd, flags | CancelFlags.UserData);
        _sqe->addr = userData;
    }

    /// <summary>
    /// Narrows a prepared cancellation to an operation: with <see cref="PrepCancel(ulong, CancelFlags)"/> and
    /// <see cref="CancelFlags.None"/> it matches by the operation instead of the user data, with
    /// <see cref="CancelFlags.UserData"/> or a descriptor by both. Linux 6.6.
    /// </summary>
    /// <param name="operation">The operation of what to cancel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetCancelOperation(RingOperation operation)
    {
        _sqe->len = (uint)operation;
        _sqe->cancel_flags |= IORING_ASYNC_CANCEL_OP;
    }

    /// <summary>
    /// Posts a completion on another ring, and so wakes its thread. EOVERFLOW when that ring is full,
    /// EBADFD when it is not enabled. Linux 5.18, io_uring_prep_msg_ring(3).
    /// </summary>
    /// <param name="ringFd">The other ring's <see cref="Ring.Descriptor"/>.</param>
    /// <param name="length">The result of the completion there.</param>
    /// <param name="data">The user data of the completion there.</param>
    /// <param name="flags">How to post.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMsgRing(int ringFd, uint length, ulong data, MessageFlags flags)
    {
        _sqe->opcode = IORING_OP_MSG_RING;
        _sqe->fd = ringFd;
        _sqe->off = data;
        _sqe->addr = IORING_MSG_DATA;
        _sqe->len = length;
        _sqe->msg_ring_flags = (uint)flags;
    }
}
