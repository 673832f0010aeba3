using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// Whether completions signal the registered eventfd, if there is one. Set it to false while the thread
    /// looks for completions anyway. io_uring_cq_eventfd_enabled(3), io_uring_cq_eventfd_toggle(3).
    /// </summary>
    /// <exception cref="NotSupportedException">It is set on a kernel older than 5.8.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool NotifiesEventFd
    {
        get
        {
            ThrowIfDisposed();
            return _kernelCqFlags == null || (Volatile.Read(ref *_kernelCqFlags) & EventFdDisabled) == 0;
        }

        set
        {
            if (value == NotifiesEventFd)
            {
                return;
            }

            if (_kernelCqFlags == null)
            {
                throw new NotSupportedException("This kernel, older than 5.8, always signals the eventfd.");
            }

            uint flags = Volatile.Read(ref *_kernelCqFlags);
            Volatile.Write(
                ref *_kernelCqFlags, value ? flags & ~EventFdDisabled : flags | EventFdDisabled);
        }
    }

    /// <summary>
    /// Registers the ring's own descriptor with this thread, as <see cref="RingOptions.RegisterDescriptor"/>
    /// does at the start. Linux 5.18, io_uring_register_ring_fd(3).
    /// </summary>
    /// <exception cref="RingException">EEXIST (it is registered), EBUSY (the thread has 16),
    /// EINVAL.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterDescriptor()
    {
        CheckOwner();
        if (UsesRegisteredDescriptor)
        {
            throw Refused("io_uring_register of the ring's descriptor", Errno.EEXIST, "It is registered.");
        }

        _ = Checked(RegisterOwnDescriptor(), IORING_REGISTER_RING_FDS, "the ring's descriptor");
    }

    /// <summary>Goes back to the plain descriptor. Linux 5.18, io_uring_unregister_ring_fd(3).</summary>
    /// <exception cref="RingException">
    /// EINVAL: the descriptor is not registered, or the ring has no other.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void UnregisterDescriptor()
    {
        CheckOwner();
        if (!UsesRegisteredDescriptor || _fd < 0)
        {
            throw Refused(
                "io_uring_register of no descriptor", Errno.EINVAL,
                "The descriptor is not registered, or the ring has no other.");
        }

        io_uring_rsrc_update update = default;
        update.offset = (uint)_enterFd;
        _ = RegisterOrThrow(IORING_UNREGISTER_RING_FDS, &update, 1, "no descriptor");
        _enterFd = _fd;
        _enterFlags &= ~IORING_ENTER.IORING_ENTER_REGISTERED_RING;
    }

    /// <summary>
    /// Closes the descriptor and goes on with the registered one alone: other threads and rings can no longer
    /// reach this one. Linux 6.3, io_uring_close_ring_fd(3).
    /// </summary>
    /// <exception cref="RingException">EINVAL: no descriptor is registered, or the plain one is closed
    /// already.</exception>
    /// <exception cref="NotSupportedException">The kernel is older.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void CloseDescriptor()
    {
        CheckOwner();
        Require(RingFeatures.RegisterByRegisteredRing, "6.3", "do without a descriptor");
        if (!UsesRegisteredDescriptor || _fd < 0)
        {
            throw Refused(
                "close of the ring's descriptor", Errno.EINVAL, "Register it first, and close it once.");
        }

        int fd = _fd;
        _fd = -1;

        // It is free whatever close says.
        _ = RingLibc.Close(fd);
    }

    /// <summary>
    /// Keeps the rings out of processes that fork(2) makes of this one. io_uring_ring_dontfork(3). It does
    /// nothing for a ring that is not in the kernel's memory (<see cref="RingSetupFlags.NoMapping"/>).
    /// </summary>
    /// <exception cref="RingException">The kernel refuses.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void DontFork()
    {
        CheckOwner();
        DontFork(_sqesMap, _sqesMapBytes);
        DontFork(_ringMap, _ringMapBytes);
        DontFork(_cqMap, _cqMapBytes);
    }

    private const uint EventFdDisabled = IORING_CQ.IORING_CQ_EVENTFD_DISABLED;

    private static void DontFork(void* memory, nuint bytes)
    {
        int result = memory == null ? 0 : RingLibc.MAdvise(memory, bytes, RingLibc.MADV_DONTFORK);
        if (result < 0)
        {
            throw new RingException("madvise of a ring", -result, "This is unexpected; see madvise(2).");
        }
    }

    private static RingException Refused(string call, int errno, string advice) => new(call, errno, advice);

    // A refusal (kernels before 5.18, more than 16 of a thread) costs speed only.
    private int RegisterOwnDescriptor()
    {
        io_uring_rsrc_update update = default;
        update.offset = uint.MaxValue;
        update.data = (ulong)_fd;
        int result = _calls.Register(_fd, IORING_REGISTER_RING_FDS, &update, 1);
        if (result == 1)
        {
            _enterFd = (int)update.offset;
            _enterFlags |= IORING_ENTER.IORING_ENTER_REGISTERED_RING;
        }

        return result;
    }
}
