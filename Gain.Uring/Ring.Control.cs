using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// Has every completion signal an eventfd. Linux 5.2, io_uring_register_eventfd(3).
    /// </summary>
    /// <param name="eventFd">The eventfd; the ring holds it open.</param>
    /// <param name="workersOnly">
    /// Only completions that a worker thread of the kernel posts. Linux 5.6,
    /// io_uring_register_eventfd_async(3).
    /// </param>
    /// <exception cref="RingException">EBUSY (there is one), EBADF, EINVAL (it is not an
    /// eventfd).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterEventFd(int eventFd, bool workersOnly = false) => RegisterOrThrow(
        workersOnly ? IORING_REGISTER_EVENTFD_ASYNC : IORING_REGISTER_EVENTFD, &eventFd, 1, "an eventfd");

    /// <summary>Ends the signalling of the eventfd. Linux 5.2, io_uring_unregister_eventfd(3).</summary>
    /// <exception cref="RingException">ENXIO: no eventfd is registered.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void UnregisterEventFd() => RegisterOrThrow(IORING_UNREGISTER_EVENTFD, null, 0, "no eventfd");

    /// <summary>
    /// Keeps the credentials that the thread has, for <see cref="SubmissionEntry.Personality"/>. Linux 5.6,
    /// io_uring_register_personality(3).
    /// </summary>
    /// <returns>Their number, at least 1.</returns>
    /// <exception cref="RingException">ENOMEM.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public ushort RegisterPersonality() =>
        (ushort)RegisterOrThrow(IORING_REGISTER_PERSONALITY, null, 0, "credentials");

    /// <summary>Forgets credentials. Linux 5.6, io_uring_unregister_personality(3).</summary>
    /// <param name="personality">Their number.</param>
    /// <exception cref="RingException">EINVAL: no credentials have the number.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void UnregisterPersonality(ushort personality) =>
        RegisterOrThrow(IORING_UNREGISTER_PERSONALITY, null, personality, "no credentials");

    /// <summary>
    /// Restricts the ring, once: from <see cref="Enable"/> on everything else is refused with EACCES. The
    /// ring has to be made with <see cref="RingSetupFlags.Disabled"/>. Linux 5.10,
    /// io_uring_register_restrictions(3).
    /// </summary>
    /// <param name="restrictions">What the ring is allowed to do, and has to do.</param>
    /// <exception cref="RingException">EBADFD (the ring is enabled), EBUSY (there are some).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterRestrictions(ReadOnlySpan<Restriction> restrictions)
    {
        fixed (Restriction* list = restrictions)
        {
            _ = RegisterOrThrow(
                IORING_REGISTER_RESTRICTIONS, list, (uint)restrictions.Length, "restrictions");
        }
    }

    /// <summary>
    /// Starts a ring that was made with <see cref="RingSetupFlags.Disabled"/>. From then on the ring belongs
    /// to the calling thread, which can be another than the one that made it. Hand the ring over when that
    /// thread has made its registrations and does not use the ring anymore. Linux 5.10,
    /// io_uring_enable_rings(3).
    /// </summary>
    /// <exception cref="RingException">EBADFD: it is enabled.</exception>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread when the ring is enabled. Or its descriptor is registered with the thread
    /// that made it, which cannot be handed over.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void Enable()
    {
        ThrowIfDisposed();
        if (!_awaitsEnable)
        {
            _ = RegisterOrThrow(IORING_REGISTER_ENABLE_RINGS, null, 0, "a start");
            return;
        }

        Thread maker = _owner!;
        if (UsesRegisteredDescriptor && maker != Thread.CurrentThread)
        {
            throw new InvalidOperationException(
                "The ring's descriptor is registered with the thread that made it: enable the ring there, or "
                + "call UnregisterDescriptor there first, or leave out RegisteredDescriptorOnly.");
        }

        // Before the start: restrictions may forbid it after.
        _owner = Thread.CurrentThread;
        bool registers = _registersAtEnable && !UsesRegisteredDescriptor && RegisterOwnDescriptor() == 1;
        int result = Register(IORING_REGISTER_ENABLE_RINGS, null, 0);
        if (result < 0)
        {
            if (registers)
            {
                UnregisterDescriptor();
            }

            _owner = maker;
            _ = Checked(result, IORING_REGISTER_ENABLE_RINGS, "a start");
        }

        _awaitsEnable = false;
        EntryNames.Join(this);
    }

    /// <summary>Limits the CPUs of the kernel's workers. Linux 5.14, io_uring_register_iowq_aff(3).</summary>
    /// <param name="mask">A bit for each CPU, as for sched_setaffinity(2).</param>
    /// <exception cref="RingException">EINVAL: the machine has none of these CPUs.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterWorkerAffinity(ReadOnlySpan<byte> mask)
    {
        fixed (byte* bits = mask)
        {
            _ = RegisterOrThrow(
                IORING_REGISTER_IOWQ_AFF, bits, (uint)mask.Length, "the CPUs of the kernel's workers");
        }
    }

    /// <summary>
    /// Lets the kernel's workers run anywhere. Linux 5.14, io_uring_unregister_iowq_aff(3).
    /// </summary>
    /// <exception cref="RingException">The kernel refuses.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void UnregisterWorkerAffinity() =>
        RegisterOrThrow(IORING_UNREGISTER_IOWQ_AFF, null, 0, "any CPU for the kernel's workers");

    /// <summary>
    /// Limits the kernel's workers, of this thread's rings. Linux 5.15,
    /// io_uring_register_iowq_max_workers(3).
    /// </summary>
    /// <param name="limits">The new limits; 0 leaves one as it is.</param>
    /// <returns>The limits before.</returns>
    /// <exception cref="RingException">The kernel refuses.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public WorkerLimits RegisterWorkerLimits(WorkerLimits limits)
    {
        uint* values = stackalloc uint[2];
        values[IO_WQ.IO_WQ_BOUND] = limits.Bounded;
        values[IO_WQ.IO_WQ_UNBOUND] = limits.Unbounded;
        _ = RegisterOrThrow(IORING_REGISTER_IOWQ_MAX_WORKERS, values, 2, "limits of the kernel's workers");
        return new WorkerLimits(values[IO_WQ.IO_WQ_BOUND], values[IO_WQ.IO_WQ_UNBOUND]);
    }

    /// <summary>
    /// Polls the network cards of the sockets that are waited on, before a wait sleeps. Linux 6.9,
    /// io_uring_register_napi(3).
    /// </summary>
    /// <param name="polling">How.</param>
    /// <returns>How it was before.</returns>
    /// <exception cref="RingException">
    /// EINVAL: the kernel has no busy polling (CONFIG_NET_RX_BUSY_POLL), or the ring uses IOPOLL.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public BusyPolling RegisterNapi(BusyPolling polling)
    {
        io_uring_napi napi = default;
        napi.busy_poll_to = polling.TimeoutMicroseconds;
        napi.prefer_busy_poll = polling.IsPreferred ? (byte)1 : (byte)0;
        _ = RegisterOrThrow(IORING_REGISTER_NAPI, &napi, 1, "busy polling");
        return new BusyPolling(napi.busy_poll_to, napi.prefer_busy_poll != 0);
    }

    /// <summary>Ends the polling of network cards. Linux 6.9, io_uring_unregister_napi(3).</summary>
    /// <returns>How it was before.</returns>
    /// <exception cref="RingException">EINVAL: the kernel has no busy polling.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public BusyPolling UnregisterNapi()
    {
        io_uring_napi napi = default;
        _ = RegisterOrThrow(IORING_UNREGISTER_NAPI, &napi, 1, "no busy polling");
        return new BusyPolling(napi.busy_poll_to, napi.prefer_busy_poll != 0);
    }

    /// <summary>Sets the clock of the ring's waits. Linux 6.12, io_uring_register_clock(3).</summary>
    /// <param name="clock">The clock.</param>
    /// <exception cref="RingException">EINVAL.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterClock(RingClock clock)
    {
        io_uring_clock_register registration = default;
        registration.clockid = (uint)clock;
        _ = RegisterOrThrow(IORING_REGISTER_CLOCK, &registration, 0, "a clock");
    }

    /// <summary>
    /// Cancels operations, and waits until they have ended. Their completions come as usual. Linux 6.0,
    /// io_uring_register_sync_cancel(3).
    /// </summary>
    /// <param name="userData">The user data of the operations to cancel, unless the flags name another
    /// key.</param>
    /// <param name="fd">The descriptor, with <see cref="CancelFlags.Descriptor"/>; else -1.</param>
    /// <param name="flags">What to match.</param>
    /// <param name="timeoutNs">The longest wait in nanoseconds; negative: no limit.</param>
    /// <param name="operation">The operation, with <see cref="CancelFlags.Operation"/> (Linux 6.6).</param>
    /// <returns>
    /// 0, with <see cref="CancelFlags.All"/> the number, or the negated errno: ENOENT (nothing matched),
    /// ETIME (the time was up first), EINVAL (the kernel cannot).
    /// </returns>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public int CancelNow(
        ulong userData, int fd, CancelFlags flags, long timeoutNs,
        RingOperation operation = RingOperation.Nop)
    {
        CheckOwner();
        io_uring_sync_cancel_reg cancel = default;
        cancel.addr = userData;
        cancel.fd = fd;
        cancel.flags = (uint)flags;
        cancel.opcode = (byte)operation;
        Timespec limit = timeoutNs < 0 ? new Timespec(-1, -1) : Timespec.FromNanoseconds(timeoutNs);
        cancel.timeout = *(__kernel_timespec*)&limit;
        return Register(IORING_REGISTER_SYNC_CANCEL, &cancel, 1);
    }

    /// <summary>
    /// Sets a classic BPF program that checks submissions. Newer than Linux 6.19;
    /// io_uring_register_bpf_filter, in liburing.h.
    /// </summary>
    /// <param name="operation">The operation whose submissions it checks.</param>
    /// <param name="program">The program: at its end 0 denies (EACCES) and 1 allows.</param>
    /// <param name="denyOthers">Whether operations without a filter are denied.</param>
    /// <exception cref="RingException">EINVAL: the kernel has none, or refuses the program.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void RegisterBpfFilter(
        RingOperation operation, ReadOnlySpan<BpfInstruction> program, bool denyOthers)
    {
        fixed (BpfInstruction* instructions = program)
        {
            io_uring_bpf filter = BpfFilter(operation, instructions, program.Length, denyOthers);
            _ = RegisterOrThrow(IORING_REGISTER_BPF_FILTER, &filter, 1, "a filter");
        }
    }

    /// <summary>
    /// Like <see cref="RegisterBpfFilter"/>, for all rings that this thread makes from now on. Newer than
    /// Linux 6.19; io_uring_register_bpf_filter_task, in liburing.h.
    /// </summary>
    /// <param name="operation">The operation whose submissions it checks.</param>
    /// <param name="program">The program.</param>
    /// <param name="denyOthers">Whether operations without a filter are denied.</param>
    /// <exception cref="RingException">EINVAL: the kernel has none, or refuses the program.</exception>
    public static void RegisterThreadBpfFilter(
        RingOperation operation, ReadOnlySpan<BpfInstruction> program, bool denyOthers)
    {
        fixed (BpfInstruction* instructions = program)
        {
            io_uring_bpf filter = BpfFilter(operation, instructions, program.Length, denyOthers);
            _ = Checked(
                RingLibc.IoUringRegister(-1, IORING_REGISTER_BPF_FILTER, &filter, 1),
                IORING_REGISTER_BPF_FILTER, "a thread's filter");
        }
    }

    private static io_uring_bpf BpfFilter(
        RingOperation operation, BpfInstruction* instructions, int count, bool denyOthers)
    {
        io_uring_bpf filter = default;
        filter.cmd_type = IO_URING_BPF_CMD.IO_URING_BPF_CMD_FILTER;
        filter.filter.opcode = (uint)operation;
        filter.filter.flags = denyOthers ? IO_URING_BPF_CMD.IO_URING_BPF_FILTER_DENY_REST : 0;
        filter.filter.filter_len = (uint)count;
        filter.filter.filter_ptr = (ulong)instructions;
        return filter;
    }
}
