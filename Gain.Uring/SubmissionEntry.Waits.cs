using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;
using static Gain.Kernel.IORING_POLL;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Completes with -ETIME when the time is up, or with 0 when <paramref name="count"/> other completions
    /// came first. Linux 5.4, io_uring_prep_timeout(3).
    /// </summary>
    /// <param name="time">The time; read at submission.</param>
    /// <param name="count">Completions to wait for; 0: the time only.</param>
    /// <param name="flags">How to count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepTimeout(Timespec* time, uint count, TimeoutFlags flags)
    {
        _sqe->opcode = IORING_OP_TIMEOUT;
        _sqe->fd = -1;
        _sqe->off = count;
        _sqe->addr = (ulong)time;
        _sqe->len = 1;
        _sqe->timeout_flags = (uint)flags;
    }

    /// <summary>
    /// Cancels a timeout, which completes with ECANCELED; ENOENT when there is no such timeout. Linux 5.5,
    /// io_uring_prep_timeout_remove(3).
    /// </summary>
    /// <param name="userData">The timeout's user data.</param>
    /// <param name="flags">None: a kernel that has one will say so in its man page.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepTimeoutRemove(ulong userData, TimeoutFlags flags = TimeoutFlags.None)
    {
        _sqe->opcode = IORING_OP_TIMEOUT_REMOVE;
        _sqe->fd = -1;
        _sqe->addr = userData;
        _sqe->timeout_flags = (uint)flags;
    }

    /// <summary>
    /// Gives a timeout another time; ENOENT when there is no such timeout. Linux 5.11,
    /// io_uring_prep_timeout_update(3).
    /// </summary>
    /// <param name="time">The new time; read at submission.</param>
    /// <param name="userData">The timeout's user data.</param>
    /// <param name="flags">
    /// <see cref="TimeoutFlags.Absolute"/>; <see cref="TimeoutFlags.UpdateLinked"/> for a linked timeout.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepTimeoutUpdate(Timespec* time, ulong userData, TimeoutFlags flags)
    {
        PrepTimeoutRemove(userData);
        _sqe->off = (ulong)time;
        _sqe->timeout_flags = (uint)flags | IORING_TIMEOUT.IORING_TIMEOUT_UPDATE;
    }

    /// <summary>
    /// Limits the time of the submission before it, which has to have <see cref="SubmissionFlags.Link"/>:
    /// that one is cancelled when the time is up, and this one completes with ETIME; when it was in time,
    /// this one completes with ECANCELED. Linux 5.5, io_uring_prep_link_timeout(3).
    /// </summary>
    /// <param name="time">The time; read at submission.</param>
    /// <param name="flags">How to count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepLinkTimeout(Timespec* time, TimeoutFlags flags)
    {
        _sqe->opcode = IORING_OP_LINK_TIMEOUT;
        _sqe->fd = -1;
        _sqe->addr = (ulong)time;
        _sqe->len = 1;
        _sqe->timeout_flags = (uint)flags;
    }

    /// <summary>
    /// Completes once when a descriptor has one of the events; the result is those it has. Linux 5.1,
    /// io_uring_prep_poll_add(3), poll(2).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="events">POLL* bits; POLLERR and POLLHUP are always waited for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollAdd(int fd, uint events)
    {
        _sqe->opcode = IORING_OP_POLL_ADD;
        _sqe->fd = fd;

        // The kernel takes the halves of this word in the order that a 16-bit field had on big-endian
        // machines; x64 and arm64 are little-endian, so it is stored as it is.
        _sqe->poll32_events = events;
    }

    /// <summary>
    /// Like <see cref="PrepPollAdd(int, uint)"/>, but at every edge until it is removed or fails. Linux 5.13,
    /// io_uring_prep_poll_multishot(3).
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="events">POLL* bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollMultishot(int fd, uint events)
    {
        PrepPollAdd(fd, events);
        _sqe->len = IORING_POLL_ADD_MULTI;
    }

    /// <summary>
    /// Ends a poll, which completes with ECANCELED; ENOENT when there is no such poll. Linux 5.1,
    /// io_uring_prep_poll_remove(3).
    /// </summary>
    /// <param name="userData">The poll's user data.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollRemove(ulong userData)
    {
        _sqe->opcode = IORING_OP_POLL_REMOVE;
        _sqe->fd = -1;
        _sqe->addr = userData;
    }

    /// <summary>
    /// Changes the events or the user data of a poll in flight; ENOENT when there is no such poll, EALREADY
    /// when it is just completing. Linux 5.13, io_uring_prep_poll_update(3).
    /// </summary>
    /// <param name="oldUserData">The poll's user data.</param>
    /// <param name="newUserData">What it gets, with <see cref="PollUpdateFlags.UserData"/>.</param>
    /// <param name="events">The POLL* bits that it gets, with <see cref="PollUpdateFlags.Events"/>.</param>
    /// <param name="flags">What to change.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollUpdate(ulong oldUserData, ulong newUserData, uint events, PollUpdateFlags flags)
    {
        PrepPollRemove(oldUserData);
        _sqe->off = newUserData;
        _sqe->poll32_events = events;
        _sqe->len = (uint)flags;
    }
}
