using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_ENTER;

namespace Gain.Uring;

/// <content>What rings with large entries, a submission thread or a rewound queue do differently.</content>
public sealed unsafe partial class Ring
{
    private readonly bool _isUnusual;

    // The tail that the submission thread has been told of.
    private uint _publishedTail;

    /// <summary>
    /// Takes the next entry of 128 bytes, cleared. The ring needs <see
    /// cref="RingSetupFlags.LargeSubmissions"/>, which makes all entries that large, or <see
    /// cref="RingSetupFlags.MixedSubmissions"/>. In a mixed ring the entry takes two places, and a NOP
    /// without a completion fills a single place at the end of the ring. io_uring_get_sqe128, in liburing.h.
    /// </summary>
    /// <param name="entry">The entry; to be prepared before the next submission.</param>
    /// <returns>False when the ring is full: submit, then try again.</returns>
    /// <exception cref="InvalidOperationException">The ring has no such entries.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool TryGetEntry128(out LargeSubmissionEntry entry)
    {
        CheckOwner();
        ThrowIfDisposed();
        entry = default;
        if (_sqeShift == 0)
        {
            return TryGetPair(out entry);
        }

        io_uring_sqe* sqe = NextPlace();
        if (sqe == null)
        {
            return false;
        }

        entry = new LargeSubmissionEntry(sqe);
        return true;
    }

    /// <summary>
    /// Whether the submission thread sleeps. The next submission then wakes it with a system call. Only with
    /// <see cref="RingSetupFlags.SubmissionThread"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool SubmissionThreadSleeps => (Shared(_kernelSqFlags) & IORING_SQ.IORING_SQ_NEED_WAKEUP) != 0;

    /// <summary>
    /// Waits until the submission thread has made room, if the ring is full. Without <see
    /// cref="RingSetupFlags.SubmissionThread"/> it does nothing. Linux 5.10, io_uring_sqring_wait(3).
    /// </summary>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void WaitForSubmissionRoom()
    {
        CheckOwner();
        if ((Flags & RingSetupFlags.SubmissionThread) == 0)
        {
            return;
        }

        // What is not published, the thread could not take.
        _ = EnterUnusually(0, 0, null, 0);
        if (_sqTail - _sqHead < _sqEntries)
        {
            return;
        }

        int result = RingLibc.IoUringEnter(_enterFd, 0, 0, IORING_ENTER_SQ_WAIT | _enterFlags, null, 0);
        if (result < 0)
        {
            ThrowUnlessPassing(result);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetEntrySlowly(out SubmissionEntry entry)
    {
        ThrowIfDisposed();
        io_uring_sqe* sqe = NextPlace();
        entry = sqe != null ? new SubmissionEntry(sqe) : default;
        return sqe != null;
    }

    // Acquire: as in NextPlace. A rewound ring has no head that says anything.
    private uint TakenByNow() =>
        _kernelSqHead != null && (Flags & RingSetupFlags.SubmissionThread) != 0
            ? Volatile.Read(ref *_kernelSqHead)
            : _sqHead;

    // SAFETY: within the mapping of the entries, whose number the mask is of; cleared in its whole size.
    private io_uring_sqe* NextPlace()
    {
        if ((Flags & RingSetupFlags.SubmissionThread) != 0)
        {
            // Acquire: pairs with the submission thread's release store of the head, so that no entry is
            // prepared anew before the thread has read it.
            _sqHead = Volatile.Read(ref *_kernelSqHead);
        }

        if (_sqTail - _sqHead >= _sqEntries)
        {
            return null;
        }

        io_uring_sqe* sqe = _sqes + ((_sqTail & _sqMask) << _sqeShift);
        new Span<byte>(sqe, sizeof(io_uring_sqe) << _sqeShift).Clear();
        _sqTail++;
        return sqe;
    }

    private bool TryGetPair(out LargeSubmissionEntry entry)
    {
        entry = default;
        if ((Flags & RingSetupFlags.MixedSubmissions) == 0)
        {
            throw new InvalidOperationException(
                "This ring has entries of 64 bytes only: make it with RingSetupFlags.LargeSubmissions, or "
                + "with MixedSubmissions where the kernel has them (Linux 6.19).");
        }

        // The filler goes out by itself when there is no room behind it; so the next try finds the start of
        // the ring, however small that is.
        bool isLast = ((_sqTail + 1) & _sqMask) == 0;
        if (isLast && !TryFillPlace())
        {
            return false;
        }

        if (Unsubmitted + 2 > _sqEntries)
        {
            return false;
        }

        io_uring_sqe* sqe = NextPlace();
        _ = NextPlace();
        entry = new LargeSubmissionEntry(sqe);
        return true;
    }

    private bool TryFillPlace()
    {
        io_uring_sqe* place = NextPlace();
        if (place == null)
        {
            return false;
        }

        SubmissionEntry filler = new(place);
        filler.PrepNop();
        filler.Flags = SubmissionFlags.SkipSuccess;
        return true;
    }

    private int EnterUnusually(uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        CountOverflow();
        return (Flags & RingSetupFlags.Rewind) != 0
            ? EnterRewound(minComplete, flags, argument, argumentBytes)
            : EnterPolled(minComplete, flags, argument, argumentBytes);
    }

    // With a thread of the kernel's that submits, the process enters the kernel only to wake it, to wait, or
    // to bring in an overflow.
    private int EnterPolled(uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        uint submitted = _sqTail - _publishedTail;
        _publishedTail = _sqTail;

        // Release: as in Enter.
        Volatile.Write(ref *_kernelSqTail, _sqTail);

        // Full: pairs with the barrier of io_sq_thread between its store of NEED_WAKEUP and its last look at
        // the tail. Of the two, one sees what the other has stored: the thread stays awake, or it is woken.
        Interlocked.MemoryBarrier();
        if ((Volatile.Read(ref *_kernelSqFlags) & IORING_SQ.IORING_SQ_NEED_WAKEUP) != 0)
        {
            flags |= IORING_ENTER_SQ_WAKEUP;
        }

        _sqHead = Volatile.Read(ref *_kernelSqHead);
        bool wakes = (flags & IORING_ENTER_SQ_WAKEUP) != 0 && _sqTail != _sqHead;
        bool polls = (Flags & RingSetupFlags.DevicePolling) != 0 && (flags & IORING_ENTER_GETEVENTS) != 0;
        bool waits = minComplete > Volatile.Read(ref *_kernelCqTail) - _cqHead;
        if (!wakes && !waits && !polls && !HasOverflow)
        {
            return (int)submitted;
        }

        int result = RingLibc.IoUringEnter(
            _enterFd, submitted, minComplete, flags | _enterFlags, argument, argumentBytes);
        _sqHead = Volatile.Read(ref *_kernelSqHead);
        return result >= 0 ? (int)submitted : EnterFailed(result, flags);
    }

    // The kernel takes entries from the start of the ring each time and looks at neither head nor tail.
    private int EnterRewound(uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        int result = RingLibc.IoUringEnter(
            _enterFd, _sqTail, minComplete, flags | _enterFlags, argument, argumentBytes);
        if (result < 0)
        {
            return EnterFailed(result, flags);
        }

        uint rest = _sqTail - (uint)result;
        new Span<io_uring_sqe>(_sqes + ((uint)result << _sqeShift), (int)(rest << _sqeShift))
            .CopyTo(new Span<io_uring_sqe>(_sqes, (int)(rest << _sqeShift)));
        _sqTail = rest;
        _names?.Shift(result, (int)rest);
        return result;
    }
}
