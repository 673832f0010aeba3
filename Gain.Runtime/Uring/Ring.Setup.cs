using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OFF;
using static Gain.Kernel.IORING_REGISTER;
using static Gain.Kernel.IORING_SETUP;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private const RingSetupFlags KnownFlags = RingSetupFlags.Default
        | RingSetupFlags.CooperativeTaskRun | RingSetupFlags.TaskRunFlag;

    private readonly IRingCalls _calls;
    private readonly List<BufferRing> _bufferRings = [];
    private void* _ringMap;
    private nuint _ringMapBytes;

    // Null when both rings are in one mapping.
    private void* _cqMap;
    private nuint _cqMapBytes;
    private nuint _sqesMapBytes;

    // SAFETY: takes over `fd`, also when it throws.
    private Ring(int fd, in io_uring_params parameters, IRingCalls calls)
    {
        _calls = calls;
        _fd = fd;
        _enterFd = fd;
        _ownerThread = Environment.CurrentManagedThreadId;
        Flags = (RingSetupFlags)parameters.flags & KnownFlags;
        Features = (RingFeatures)parameters.features;
        try
        {
            Map(in parameters);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes a ring for the calling thread, with what the kernel can. Flags that it refuses are left out,
    /// newest first: NO_SQARRAY, DEFER_TASKRUN (COOP_TASKRUN takes its place), SINGLE_ISSUER, COOP_TASKRUN,
    /// SUBMIT_ALL. When memory is short it waits up to 80 ms in all, then halves the sizes, down to 64
    /// entries. <see cref="Flags"/>, <see cref="SubmissionCapacity"/> and <see cref="CompletionCapacity"/>
    /// say what was given. Linux 5.6, io_uring_setup(2).
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <returns>The ring; to be disposed of on the same thread.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="RingException">
    /// The kernel gives no ring: ENOSYS, EPERM, EACCES (there is no io_uring, or it is forbidden here),
    /// ENOMEM (the memlock limit), EMFILE, ENFILE (no descriptor left).
    /// </exception>
    public static Ring Create(RingOptions options) => Create(options, KernelRingCalls.Instance);

    internal static Ring Create(RingOptions options, IRingCalls calls)
    {
        Validate(options);
        int fd = RingSetup.Open(options, calls, out io_uring_params parameters);
        Ring ring = new(fd, in parameters, calls);
        if (options.RegisterDescriptor)
        {
            ring.RegisterOwnDescriptor();
        }

        return ring;
    }

    private static void Validate(RingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Entries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Entries, RingOptions.MaxEntries);
        if (options.CompletionEntries != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.CompletionEntries, options.Entries);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                options.CompletionEntries, RingOptions.MaxCompletionEntries);
        }

        if ((options.Flags & ~KnownFlags) != 0)
        {
            throw new ArgumentException($"Unknown flags: {options.Flags & ~KnownFlags}.", nameof(options));
        }

        if ((options.Flags & RingSetupFlags.DeferTaskRun) == 0)
        {
            return;
        }

        if ((options.Flags & RingSetupFlags.SingleIssuer) == 0
            || (options.Flags & RingSetupFlags.CooperativeTaskRun) != 0)
        {
            throw new ArgumentException(
                "DeferTaskRun needs SingleIssuer and excludes CooperativeTaskRun.", nameof(options));
        }
    }

    // SAFETY: the offsets are the kernel's own for this ring, and the sizes cover the last field of each.
    private void Map(in io_uring_params parameters)
    {
        ref readonly io_sqring_offsets sq = ref parameters.sq_off;
        ref readonly io_cqring_offsets cq = ref parameters.cq_off;
        nuint sqBytes = sq.array + ((nuint)parameters.sq_entries * sizeof(uint));
        nuint cqBytes = cq.cqes + ((nuint)parameters.cq_entries * (nuint)sizeof(CompletionEntry));
        nuint sqesBytes = (nuint)parameters.sq_entries * (nuint)sizeof(io_uring_sqe);
        byte* sqRing;
        byte* cqRing;
        if ((parameters.features & IORING_FEAT.IORING_FEAT_SINGLE_MMAP) != 0)
        {
            _ringMapBytes = Math.Max(sqBytes, cqBytes);
            _ringMap = MapRing(_ringMapBytes, IORING_OFF_SQ_RING);
            sqRing = cqRing = (byte*)_ringMap;
        }
        else
        {
            _ringMapBytes = sqBytes;
            _ringMap = MapRing(sqBytes, IORING_OFF_SQ_RING);
            _cqMapBytes = cqBytes;
            _cqMap = MapRing(cqBytes, IORING_OFF_CQ_RING);
            sqRing = (byte*)_ringMap;
            cqRing = (byte*)_cqMap;
        }

        _sqesMapBytes = sqesBytes;
        _sqes = (io_uring_sqe*)MapRing(sqesBytes, IORING_OFF_SQES);
        _kernelSqHead = (uint*)(sqRing + sq.head);
        _kernelSqTail = (uint*)(sqRing + sq.tail);
        _kernelSqFlags = (uint*)(sqRing + sq.flags);
        _kernelSqDropped = (uint*)(sqRing + sq.dropped);
        _sqMask = *(uint*)(sqRing + sq.ring_mask);
        _sqEntries = *(uint*)(sqRing + sq.ring_entries);
        _sqHead = *_kernelSqHead;
        _sqTail = *_kernelSqTail;
        _kernelCqHead = (uint*)(cqRing + cq.head);
        _kernelCqTail = (uint*)(cqRing + cq.tail);
        _kernelCqOverflow = (uint*)(cqRing + cq.overflow);
        _cqes = (CompletionEntry*)(cqRing + cq.cqes);
        _cqMask = *(uint*)(cqRing + cq.ring_mask);
        _cqEntries = *(uint*)(cqRing + cq.ring_entries);
        _cqHead = *_kernelCqHead;
        if ((parameters.flags & IORING_SETUP_NO_SQARRAY) == 0)
        {
            // The ring of indices that older kernels go through: entry i is always at index i.
            uint* array = (uint*)(sqRing + sq.array);
            for (uint i = 0; i < _sqEntries; i++)
            {
                array[i] = i;
            }
        }
    }

    private void* MapRing(nuint bytes, ulong offset)
    {
        int result = Libc.MMap(
            bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, _fd, offset,
            out void* address);
        return result == 0 ? address : throw new RingException(
            "mmap of a ring", -result, "Memory or address space is short (`ulimit -v`, vm.max_map_count).");
    }

    // A refusal (kernels before 5.18, more than 16 of a thread) costs speed only.
    private void RegisterOwnDescriptor()
    {
        io_uring_rsrc_update update = default;
        update.offset = uint.MaxValue;
        update.data = (ulong)_fd;
        if (_calls.Register(_fd, IORING_REGISTER_RING_FDS, &update, 1) == 1)
        {
            _enterFd = (int)update.offset;
            _enterFlags = IORING_ENTER.IORING_ENTER_REGISTERED_RING;
        }
    }

    /// <summary>
    /// Unregisters what was registered, the buffer rings included, unmaps the rings and closes the
    /// descriptor. It cancels nothing: operations in flight end some time later, and may touch their memory
    /// until then. Cancel them and take their last completions first.
    /// </summary>
    /// <remarks>
    /// On the ring's thread. On another, only when the ring's thread does not use it any more; then the
    /// kernel keeps the ring until that thread exits. A second call does nothing.
    /// </remarks>
    public void Dispose()
    {
        if (_fd < 0)
        {
            return;
        }

        foreach (BufferRing bufferRing in _bufferRings.ToArray())
        {
            bufferRing.Dispose();
        }

        // The index is the thread's: on another thread the same one can be another ring's.
        if (UsesRegisteredDescriptor && Environment.CurrentManagedThreadId == _ownerThread)
        {
            io_uring_rsrc_update update = default;
            update.offset = (uint)_enterFd;
            _ = _calls.Register(_fd, IORING_UNREGISTER_RING_FDS, &update, 1);
        }

        Unmap(_sqes, _sqesMapBytes);
        Unmap(_cqMap, _cqMapBytes);
        Unmap(_ringMap, _ringMapBytes);
        ClearPointers();
        int fd = _fd;
        _fd = -1;
        _enterFd = -1;
        _enterFlags = 0;
        _ownerThread = -1;

        // The descriptor is free whatever close says.
        _ = Libc.Close(fd);
    }

    private void ClearPointers()
    {
        _sqes = null;
        _cqes = null;
        _ringMap = null;
        _cqMap = null;
        _kernelSqHead = null;
        _kernelSqTail = null;
        _kernelSqFlags = null;
        _kernelSqDropped = null;
        _kernelCqHead = null;
        _kernelCqTail = null;
        _kernelCqOverflow = null;
        _sqEntries = 0;
        _sqMask = 0;
        _cqEntries = 0;
        _cqMask = 0;
        _sqTail = 0;
        _sqHead = 0;
        _cqHead = 0;
    }

    private static void Unmap(void* address, nuint bytes)
    {
        if (address != null)
        {
            // It fails only for a range that is no mapping.
            int result = Libc.MUnmap(address, bytes);
            System.Diagnostics.Debug.Assert(result == 0, "A mapping of a ring was not what it was.");
        }
    }
}
