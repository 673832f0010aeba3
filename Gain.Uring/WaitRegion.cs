using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// Memory that the kernel reads the arguments of waits from, so that a wait does not copy them: from
/// <see cref="Ring.RegisterWaitRegion"/>, for <see cref="Ring.SubmitAndWaitRegistered"/>. On the ring's
/// thread; it lives as long as the ring.
/// </summary>
public sealed unsafe class WaitRegion
{
    // SAFETY: a mapping of the region's own, which the kernel reads in waits; the ring releases it.
    private io_uring_reg_wait* _waits;
    private readonly nuint _bytes;

    internal WaitRegion(void* memory, nuint bytes, int count)
    {
        _waits = (io_uring_reg_wait*)memory;
        _bytes = bytes;
        Count = count;
    }

    /// <summary>The number of places.</summary>
    public int Count { get; }

    /// <summary>Describes a wait, for all that use the place from now on.</summary>
    /// <param name="index">The place, below <see cref="Count"/>.</param>
    /// <param name="wait">
    /// What ends it. Its signals are read at each wait: the mask has to stay. It cannot be absolute.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    /// <exception cref="ArgumentException">The wait is absolute.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void Set(int index, in RingWait wait)
    {
        ObjectDisposedException.ThrowIf(_waits == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (wait.IsAbsolute)
        {
            throw new ArgumentException("A registered wait takes a duration.", nameof(wait));
        }

        io_uring_reg_wait description = default;
        Timespec time = wait.Timeout.GetValueOrDefault();
        description.ts = *(__kernel_timespec*)&time;
        description.flags = wait.Timeout is null ? 0 : IORING_REG_WAIT.IORING_REG_WAIT_TS;
        description.min_wait_usec = wait.BatchMicroseconds;
        description.sigmask = (ulong)wait.SignalMask;
        description.sigmask_sz = wait.SignalMask == null ? 0u : sizeof(ulong);
        _waits[index] = description;
    }

    internal void Release()
    {
        Ring.Unmap(_waits, _bytes);
        _waits = null;
    }
}
