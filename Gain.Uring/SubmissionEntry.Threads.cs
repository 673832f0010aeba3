using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Completes when a child process changes its state; the result is 0. Linux 6.7,
    /// io_uring_prep_waitid(3), waitid(2).
    /// </summary>
    /// <param name="kind">P_ALL (0), P_PID (1), P_PGID (2) or P_PIDFD (3).</param>
    /// <param name="id">The process, group or pidfd.</param>
    /// <param name="info">
    /// Where the <c>siginfo_t</c> (128 bytes) goes; the kernel uses it until the completion; or null.
    /// </param>
    /// <param name="options">WEXITED (4), WSTOPPED (2), WCONTINUED (8), WNOWAIT (0x1000000).</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepWaitid(int kind, int id, void* info, int options, uint flags)
    {
        _sqe->opcode = IORING_OP_WAITID;
        _sqe->fd = id;
        _sqe->off = (ulong)info;
        _sqe->len = (uint)kind;
        _sqe->waitid_flags = flags;
        _sqe->file_index = (uint)options;
    }

    /// <summary>
    /// Completes when a futex is woken; EAGAIN when it no longer has the value. Linux 6.7,
    /// io_uring_prep_futex_wait(3), futex_wait(2).
    /// </summary>
    /// <param name="futex">The futex; its memory stays until the completion.</param>
    /// <param name="value">The value that it has when there is something to wait for.</param>
    /// <param name="mask">The bits to be woken by; all ones for any.</param>
    /// <param name="kind">
    /// FUTEX2_SIZE_U32 (2), with FUTEX2_PRIVATE (128) when it is not shared with other processes.
    /// </param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFutexWait(uint* futex, ulong value, ulong mask, uint kind, uint flags)
    {
        _sqe->opcode = IORING_OP_FUTEX_WAIT;
        _sqe->fd = (int)kind;
        _sqe->off = value;
        _sqe->addr = (ulong)futex;
        _sqe->addr3 = mask;
        _sqe->futex_flags = flags;
    }

    /// <summary>
    /// Wakes waiters of a futex; the result is their number. Linux 6.7, io_uring_prep_futex_wake(3),
    /// futex_wake(2).
    /// </summary>
    /// <param name="futex">The futex.</param>
    /// <param name="count">The most waiters.</param>
    /// <param name="mask">The bits to wake by.</param>
    /// <param name="kind">As for <see cref="PrepFutexWait(uint*, ulong, ulong, uint, uint)"/>.</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFutexWake(uint* futex, ulong count, ulong mask, uint kind, uint flags)
    {
        _sqe->opcode = IORING_OP_FUTEX_WAKE;
        _sqe->fd = (int)kind;
        _sqe->off = count;
        _sqe->addr = (ulong)futex;
        _sqe->addr3 = mask;
        _sqe->futex_flags = flags;
    }

    /// <summary>
    /// Completes when one of several futexes is woken; the result is its index. Linux 6.7,
    /// io_uring_prep_futex_waitv(3), futex_waitv(2).
    /// </summary>
    /// <param name="waiters">What to wait for; read at submission.</param>
    /// <param name="count">Their number.</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFutexWaitv(FutexWaiter* waiters, uint count, uint flags)
    {
        _sqe->opcode = IORING_OP_FUTEX_WAITV;
        _sqe->fd = 0;
        _sqe->addr = (ulong)waiters;
        _sqe->len = count;
        _sqe->futex_flags = flags;
    }
}
