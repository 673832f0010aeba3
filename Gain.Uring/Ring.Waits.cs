using Gain.Kernel;
using static Gain.Kernel.IORING_ENTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    // The size of the kernel's signal set.
    private const uint SignalMaskBytes = 8;

    /// <summary>
    /// Submits the prepared entries and waits, with all options of a wait:
    /// io_uring_submit_and_wait_timeout(3), io_uring_submit_and_wait_min_timeout(3).
    /// </summary>
    /// <param name="count">The completions to wait for, those that are there already included.</param>
    /// <param name="wait">What else ends it.</param>
    /// <returns>The same as <see cref="Submit"/>. There is no wait when the kernel left an entry.</returns>
    /// <exception cref="NotSupportedException">
    /// The kernel does not have this kind of wait; the message names the version that does.
    /// </exception>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int SubmitAndWait(uint count, in RingWait wait)
    {
        CheckOwner();
        if (wait.IsUnlimited)
        {
            return Enter(count, IORING_ENTER_GETEVENTS, null, 0);
        }

        // SAFETY: both are on this frame; the kernel copies them before it waits.
        Timespec time = wait.Timeout.GetValueOrDefault();
        io_uring_getevents_arg argument = Describe(in wait, &time, out uint flags);
        return Enter(count, flags, &argument, (nuint)sizeof(io_uring_getevents_arg));
    }

    /// <summary>
    /// Waits, and submits nothing: io_uring_wait_cqe_nr(3), io_uring_wait_cqes(3),
    /// io_uring_wait_cqe_timeout(3).
    /// </summary>
    /// <param name="count">The completions to wait for, those that are there already included.</param>
    /// <param name="timeoutNs">The longest wait in nanoseconds; negative: no limit.</param>
    /// <returns>
    /// 0 when completions are there: fewer than <paramref name="count"/> if the time was up or a signal came
    /// after the first one, see <see cref="CompletionsReady"/>. The negated errno when there are no
    /// completions: ETIME (the time was up), EINTR (a signal), EAGAIN, ENOMEM.
    /// </returns>
    /// <exception cref="NotSupportedException">
    /// A timeout is given, and the kernel is older than 5.11.
    /// </exception>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int Wait(uint count, long timeoutNs)
    {
        return timeoutNs < 0
            ? Wait(count, default(RingWait))
            : Wait(count, new RingWait { Timeout = Timespec.FromNanoseconds(timeoutNs) });
    }

    /// <summary>
    /// Waits, and submits nothing, with all options of a wait: io_uring_wait_cqes_min_timeout(3).
    /// </summary>
    /// <param name="count">The completions to wait for, those that are there already included.</param>
    /// <param name="wait">What else ends it.</param>
    /// <returns>The same as the other overload.</returns>
    /// <exception cref="NotSupportedException">
    /// The kernel does not have this kind of wait; the message names the version that does.
    /// </exception>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int Wait(uint count, in RingWait wait)
    {
        CheckOwner();
        CountOverflow();
        if (wait.IsUnlimited)
        {
            return WaitOnly(count, IORING_ENTER_GETEVENTS, null, 0);
        }

        // SAFETY: both are on this frame; the kernel copies them before it waits.
        Timespec time = wait.Timeout.GetValueOrDefault();
        io_uring_getevents_arg argument = Describe(in wait, &time, out uint flags);
        return WaitOnly(count, flags, &argument, (nuint)sizeof(io_uring_getevents_arg));
    }

    /// <summary>
    /// Waits for one completion and returns it, without giving its place back: io_uring_wait_cqe(3). When one
    /// is there already, it makes no system call.
    /// </summary>
    /// <param name="completion">The oldest completion.</param>
    /// <param name="timeoutNs">The longest wait in nanoseconds; negative: no limit.</param>
    /// <returns>False when the time was up, or a signal came.</returns>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool WaitForCompletion(out CompletionEntry completion, long timeoutNs)
    {
        CheckOwner();
        CheckNoBatch();
        return TryPeek(out completion) || (Wait(1, timeoutNs) == 0 && TryPeek(out completion));
    }

    /// <summary>
    /// Returns the oldest completion, if there is one, without giving its place back: io_uring_peek_cqe(3).
    /// When no completion is there, it enters the kernel, which makes those that are due. With <see
    /// cref="RingSetupFlags.TaskRunFlag"/>, or without <see cref="RingSetupFlags.DeferTaskRun"/> and <see
    /// cref="RingSetupFlags.CooperativeTaskRun"/>, it does so only if some are due.
    /// </summary>
    /// <param name="completion">The completion.</param>
    /// <returns>False when no completion is there.</returns>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool TryPeekCompletion(out CompletionEntry completion)
    {
        CheckOwner();
        CheckNoBatch();
        if (TryPeek(out completion))
        {
            return true;
        }

        BringIn();
        return TryPeek(out completion);
    }

    /// <summary>
    /// Copies the oldest completions, as many as there are and fit, without giving their places back:
    /// io_uring_peek_batch_cqe(3). <see cref="TakeCompletions"/> does the same without a copy.
    /// </summary>
    /// <param name="completions">Where they go.</param>
    /// <returns>
    /// The number of copies. In a mixed ring it can be less than the number of completions, because a large
    /// completion takes two places (<see cref="CompletionEntry.IsLarge"/>).
    /// </returns>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int PeekCompletions(Span<CompletionEntry> completions)
    {
        CheckOwner();
        CheckNoBatch();
        if (!TryPeek(out _))
        {
            BringIn();
        }

        // A filler between two ends the batch: the caller counts the places of what it sees.
        // Acquire: as of CompletionsReady.
        uint end = Volatile.Read(ref *_kernelCqTail);
        uint place = _cqHead;
        int count = 0;
        while (count < completions.Length && place != end && !EntryAt(place)->IsFiller)
        {
            completions[count] = *EntryAt(place);
            place += completions[count].IsLarge ? 2u : 1u;
            count++;
        }

        return count;
    }

    /// <summary>
    /// Whether the time of a wait counts as waiting for I/O, which makes the CPU look busy: as it is, it
    /// does. Linux 6.15, io_uring_set_iowait(3).
    /// </summary>
    /// <param name="counts">Whether it does.</param>
    /// <exception cref="NotSupportedException">
    /// The kernel has no <see cref="RingFeatures.NoIoWait"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void SetIoWait(bool counts)
    {
        CheckOwner();
        Require(RingFeatures.NoIoWait, "6.15", "leave waits out of the time that counts as I/O");
        _enterFlags = counts ? _enterFlags & ~IORING_ENTER_NO_IOWAIT : _enterFlags | IORING_ENTER_NO_IOWAIT;
    }

    private int WaitOnly(uint count, uint flags, void* argument, nuint argumentBytes)
    {
        int result = RingLibc.IoUringEnter(_enterFd, 0, count, flags | _enterFlags, argument, argumentBytes);
        if (result < 0 && result != -Errno.ETIME)
        {
            ThrowUnlessPassing(result);
        }

        return Math.Min(result, 0);
    }

    private io_uring_getevents_arg Describe(in RingWait wait, Timespec* time, out uint flags)
    {
        Require(RingFeatures.ExtendedArgument, "5.11", "wait with a timeout or with signals");
        flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
        if (wait.IsAbsolute)
        {
            Require(RingFeatures.MinimumTimeout, "6.12", "wait until a point in time");
            flags |= IORING_ENTER_ABS_TIMER;
        }

        io_uring_getevents_arg argument = default;
        argument.ts = wait.Timeout is null ? 0 : (ulong)time;
        argument.sigmask = (ulong)wait.SignalMask;
        argument.sigmask_sz = SignalMaskBytes;
        if (wait.BatchMicroseconds != 0)
        {
            Require(RingFeatures.MinimumTimeout, "6.12", "wait with a time to batch for");
            argument.min_wait_usec = wait.BatchMicroseconds;
        }

        return argument;
    }

    private void Require(RingFeatures feature, string since, string what)
    {
        if ((Features & feature) == 0)
        {
            throw new NotSupportedException(
                $"This kernel's io_uring cannot {what}: it is older than {since}, which has "
                + $"RingFeatures.{feature}.");
        }
    }

    private bool TryPeek(out CompletionEntry completion)
    {
        // Acquire: as of CompletionsReady.
        uint end = Volatile.Read(ref *_kernelCqTail);
        uint place = _cqHead;
        while (place != end && EntryAt(place)->IsFiller)
        {
            place++;
        }

        // What nobody asked for, nobody gives back.
        if (place != _cqHead)
        {
            PassCompletions(place);
        }

        completion = place != end ? *EntryAt(place) : default;
        return place != end;
    }

    // What the kernel holds back: an overflow, completions to be made, those of a polled device.
    private void BringIn()
    {
        // Where completions wait for the thread to enter, only the flag tells whether any do.
        const RingSetupFlags late = RingSetupFlags.DeferTaskRun | RingSetupFlags.CooperativeTaskRun;
        bool mayHoldBack = (Flags & RingSetupFlags.DevicePolling) != 0
            || ((Flags & late) != 0 && (Flags & RingSetupFlags.TaskRunFlag) == 0);
        if (mayHoldBack || HasOverflow || TaskWorkPending)
        {
            GetEvents();
        }
    }
}
