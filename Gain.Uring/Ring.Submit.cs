using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_ENTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// Submits the prepared entries, and does not wait. With nothing to submit it enters the kernel only to
    /// bring in an overflow. With <see cref="RingSetupFlags.DeferTaskRun"/> it makes completions only of
    /// operations that complete at once.
    /// </summary>
    /// <returns>
    /// The number of entries that the kernel took; <see cref="Unsubmitted"/> is the number that it left. Or a
    /// negated errno, when it took none for now: EAGAIN, ENOMEM (it is short of memory) or EBUSY (completions
    /// overflow). Take in completions, then submit again.
    /// </returns>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int Submit()
    {
        CheckOwner();
        if (HasOverflow)
        {
            return Enter(0, IORING_ENTER_GETEVENTS, null, 0);
        }

        return _sqTail == _sqHead ? 0 : Enter(0, 0, null, 0);
    }

    /// <summary>Submits the prepared entries, makes the completions that are due, and does not
    /// wait.</summary>
    /// <returns>The same as <see cref="Submit"/>.</returns>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int SubmitAndGetEvents()
    {
        CheckOwner();
        return Enter(0, IORING_ENTER_GETEVENTS, null, 0);
    }

    /// <summary>
    /// Submits the prepared entries and waits for completions. It can return with fewer than <paramref
    /// name="count"/>, for example at the timeout or a signal: look at <see cref="CompletionsReady"/>, and
    /// wait again.
    /// </summary>
    /// <param name="count">The completions to wait for, those that are there already included.</param>
    /// <param name="timeoutNs">The longest wait, in nanoseconds; negative: no limit; 0: no wait.</param>
    /// <returns>The same as <see cref="Submit"/>. There is no wait when the kernel left an entry.</returns>
    /// <exception cref="NotSupportedException">
    /// A timeout is given, and the kernel, older than 5.11, has no
    /// <see cref="RingFeatures.ExtendedArgument"/>.
    /// </exception>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SubmitAndWait(uint count, long timeoutNs)
    {
        CheckOwner();
        return timeoutNs < 0
            ? Enter(count, IORING_ENTER_GETEVENTS, null, 0)
            : SubmitAndWaitUntil(count, timeoutNs);
    }

    /// <summary>
    /// Makes the completions that are due and submits nothing. It is for times when the kernel takes no
    /// submissions.
    /// </summary>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void GetEvents()
    {
        CheckOwner();
        CountOverflow();
        int result = RingLibc.IoUringEnter(_enterFd, 0, 0, IORING_ENTER_GETEVENTS | _enterFlags, null, 0);
        if (result < 0)
        {
            ThrowUnlessPassing(result);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SubmitAndWaitUntil(uint count, long timeoutNs)
    {
        if (timeoutNs == 0)
        {
            return Enter(0, IORING_ENTER_GETEVENTS, null, 0);
        }

        if ((Features & RingFeatures.ExtendedArgument) == 0)
        {
            ThrowNoTimeout();
        }

        // SAFETY: both are on this frame; the kernel copies them before it waits.
        Timespec time = Timespec.FromNanoseconds(timeoutNs);
        io_uring_getevents_arg argument = default;
        argument.ts = (ulong)&time;
        const uint flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
        return Enter(count, flags, &argument, (nuint)sizeof(io_uring_getevents_arg));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Enter(uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        if (_isUnusual)
        {
            return EnterUnusually(minComplete, flags, argument, argumentBytes);
        }

        CountOverflow();

        // Release: pairs with the kernel's acquire load of the tail in io_sqring_entries, so that it sees
        // the entries as they were prepared.
        Volatile.Write(ref *_kernelSqTail, _sqTail);
        int result = RingLibc.IoUringEnter(
            _enterFd, _sqTail - _sqHead, minComplete, flags | _enterFlags, argument, argumentBytes);

        // Acquire: pairs with the kernel's release store of the head in io_commit_sqring, so that no
        // entry is prepared anew before the kernel has read it.
        _sqHead = Volatile.Read(ref *_kernelSqHead);
        return result >= 0 ? result : EnterAgain(result, minComplete, flags, argument, argumentBytes);
    }

    // A signal can come before the entries are taken, SA_RESTART or not; then what the head says is left
    // goes again. When it comes in the wait, that is over: only the caller knows its deadline.
    // SAFETY: as of Enter.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EnterAgain(int result, uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        while (result == -Errno.EINTR && _sqTail != _sqHead)
        {
            result = RingLibc.IoUringEnter(
                _enterFd, _sqTail - _sqHead, minComplete, flags | _enterFlags, argument, argumentBytes);

            // Acquire: as in Enter.
            _sqHead = Volatile.Read(ref *_kernelSqHead);
        }

        return result >= 0 ? result : EnterFailed(result, flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EnterFailed(int result, uint flags)
    {
        if (result is -Errno.ETIME or -Errno.EINTR)
        {
            return 0;
        }

        ThrowUnlessPassing(result);

        // The kernel gave up before it made completions, and those are what the caller needs to go on.
        if ((flags & IORING_ENTER_GETEVENTS) != 0)
        {
            GetEvents();
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountOverflow()
    {
        if (HasOverflow)
        {
            Overflows++;
        }
    }

    private static void ThrowUnlessPassing(int result)
    {
        if (result is not (-Errno.EAGAIN or -Errno.EBUSY or -Errno.ENOMEM or -Errno.EINTR))
        {
            throw new RingException("io_uring_enter", -result, RingAdvice.Enter(-result));
        }
    }

    private static void ThrowNoTimeout() => throw new NotSupportedException(
        "This kernel's io_uring (older than 5.11) cannot wait with a timeout: prepare one with PrepTimeout, "
        + "and wait without.");
}
