using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private WaitRegion? _waitRegion;

    // The registered region's, made here or by the caller.
    private int _waitPlaces;

    /// <summary>
    /// Makes memory for the arguments of waits. The ring has to be made with <see
    /// cref="RingSetupFlags.Disabled"/>, and can have one. Linux 6.13, io_uring_register_region(3), in place
    /// of io_uring_register_wait_reg(3), which never worked.
    /// </summary>
    /// <param name="count">The number of places, at least 1.</param>
    /// <returns>The region; its waits have no limit until they are set.</returns>
    /// <exception cref="RingException">
    /// EINVAL (the kernel is older, the ring is enabled), EBUSY (there is one).
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public WaitRegion RegisterWaitRegion(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (((nuint)count * (nuint)sizeof(io_uring_reg_wait)) + page - 1) & ~(page - 1);
        CheckOwner();
        void* memory = MapAnonymous(bytes, "a region for waits");
        try
        {
            RegisterRegion(memory, bytes, isForWaits: true);
        }
        catch
        {
            Unmap(memory, bytes);
            throw;
        }

        _waitPlaces = count;
        return _waitRegion = new WaitRegion(memory, bytes, count);
    }

    /// <summary>
    /// Registers memory of the process as the ring's region. Linux 6.13, io_uring_register_region(3).
    /// </summary>
    /// <param name="memory">The memory, page-aligned. The caller has to keep it as long as the ring.</param>
    /// <param name="bytes">Its size in bytes, in whole pages.</param>
    /// <param name="isForWaits">
    /// Whether waits take their arguments from it (IORING_MEM_REGION_REG_WAIT_ARG).
    /// </param>
    /// <exception cref="RingException">EINVAL, EBUSY (there is one), EFAULT, ENOMEM.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterRegion(void* memory, nuint bytes, bool isForWaits)
    {
        // SAFETY: both are on this frame; the kernel copies them.
        io_uring_region_desc region = default;
        region.user_addr = (ulong)memory;
        region.size = bytes;
        region.flags = IORING_MEM_REGION.IORING_MEM_REGION_TYPE_USER;
        io_uring_mem_region_reg registration = default;
        registration.region_uptr = (ulong)&region;
        registration.flags = isForWaits ? IORING_MEM_REGION.IORING_MEM_REGION_REG_WAIT_ARG : 0;
        int result = Register(IORING_REGISTER_MEM_REGION, &registration, 1);
        if (result == -Errno.EINVAL && isForWaits && !_awaitsEnable)
        {
            throw Refused(
                "io_uring_register of a region", Errno.EINVAL,
                "A region for waits is registered before the ring is enabled: make the ring with "
                + "RingSetupFlags.Disabled, register the region, then call Enable. It needs Linux 6.13.");
        }

        _ = Checked(result, IORING_REGISTER_MEM_REGION, "a region");
        _waitPlaces = isForWaits ? (int)Math.Min(bytes / (nuint)sizeof(io_uring_reg_wait), int.MaxValue) : 0;
    }

    /// <summary>
    /// Submits what is prepared and waits as a place of the wait region says. Linux 6.13,
    /// io_uring_submit_and_wait_reg(3).
    /// </summary>
    /// <param name="count">The completions to wait for, those that are there already included.</param>
    /// <param name="index">The place, below the region's number of places.</param>
    /// <returns>The same as <see cref="Submit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    /// <exception cref="RingException">The ring cannot go on.</exception>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread, or there is no region for waits.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int SubmitAndWaitRegistered(uint count, int index)
    {
        CheckOwner();
        if ((uint)index >= (uint)_waitPlaces)
        {
            ThrowNoPlace(index);
        }

        const uint flags = IORING_ENTER.IORING_ENTER_GETEVENTS | IORING_ENTER.IORING_ENTER_EXT_ARG
            | IORING_ENTER.IORING_ENTER_EXT_ARG_REG;
        void* offset = (void*)((nint)index * sizeof(io_uring_reg_wait));
        return Enter(count, flags, offset, (nuint)sizeof(io_uring_reg_wait));
    }

    private void ThrowNoPlace(int index)
    {
        if (_waitPlaces == 0)
        {
            throw new InvalidOperationException(
                "The ring has no region for waits: register one with RegisterWaitRegion.");
        }

        throw new ArgumentOutOfRangeException(
            nameof(index), index, $"The region has {_waitPlaces} places, from 0 on.");
    }
}
