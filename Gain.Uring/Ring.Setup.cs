using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    // Null when the rings are in the kernel's memory.
    private readonly RingMemory? _memory;
    private readonly IRingCalls _calls;

    // Until Enable: a ring of nobody's yet, which registers its descriptor with the thread that enables it.
    private bool _awaitsEnable;
    private bool _registersAtEnable;
    private readonly List<BufferRing> _bufferRings = [];

    // SAFETY: takes over `fd`, also when it throws.
    private Ring(int fd, in io_uring_params parameters, IRingCalls calls, RingMemory? memory)
    {
        _calls = calls;
        _fd = fd;
        _enterFd = fd;
        _memory = memory;
        _owner = Thread.CurrentThread;
        Flags = (RingSetupFlags)parameters.flags & RingSetup.KnownFlags;
        if ((Flags & RingSetupFlags.RegisteredDescriptorOnly) != 0)
        {
            _fd = -1;
            _enterFlags = IORING_ENTER.IORING_ENTER_REGISTERED_RING;
        }

        _awaitsEnable = (Flags & RingSetupFlags.Disabled) != 0;
        _isUnusual = (Flags & (RingSetupFlags.SubmissionThread | RingSetupFlags.Rewind)) != 0;
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
    /// Makes a ring for the calling thread. Flags that only make it faster are left out when the kernel
    /// refuses them, newest first: NO_SQARRAY, DEFER_TASKRUN (COOP_TASKRUN takes its place), SINGLE_ISSUER,
    /// COOP_TASKRUN, SUBMIT_ALL. When it refuses another flag, the call fails. When memory is short, the call
    /// waits up to 80 ms in all, then halves the sizes, down to 64 entries. <see cref="Flags"/>, <see
    /// cref="SubmissionCapacity"/> and <see cref="CompletionCapacity"/> say what the ring got. Linux 5.6,
    /// io_uring_setup(2).
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <returns>The ring. Dispose of it on the same thread.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="RingException">
    /// The kernel gives no ring: ENOSYS, EPERM, EACCES (there is no io_uring, or it is forbidden here),
    /// ENOMEM (the memlock limit), EMFILE, ENFILE (no descriptor left).
    /// </exception>
    public static Ring Create(RingOptions options) => Create(options, KernelRingCalls.Instance);

    internal IRingCalls Calls => _calls;

    internal static Ring Create(RingOptions options, IRingCalls calls)
    {
        RingSetup.Validate(options);
        RingMemory? memory =
            (options.Flags & RingSetupFlags.NoMapping) != 0 ? RingMemory.Take(options) : null;
        Ring ring;
        try
        {
            int fd = RingSetup.Open(options, calls, memory, out io_uring_params parameters);
            ring = new Ring(fd, in parameters, calls, memory);
        }
        catch
        {
            memory?.Release();
            throw;
        }

        if (options.RegisterDescriptor && !ring.UsesRegisteredDescriptor)
        {
            ring._registersAtEnable = ring._awaitsEnable;
            if (!ring._awaitsEnable)
            {
                _ = ring.RegisterOwnDescriptor();
            }
        }

        EntryNames.Join(ring);
        return ring;
    }

    /// <summary>
    /// Unregisters what was registered, the buffer rings included, unmaps the rings and closes the
    /// descriptor. It cancels nothing: operations in flight end some time later, and may touch their memory
    /// until then. Cancel them and take their last completions first.
    /// </summary>
    /// <remarks>
    /// Call it on the ring's thread. Call it on another thread only when the ring's thread does not use the
    /// ring anymore. The kernel then keeps the ring until that thread exits. It can still write to buffers
    /// that a buffer ring owns, so they stay mapped for the life of the process. A second call does nothing.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// Called inside a loop over <see cref="TakeCompletions"/>. The ring is unchanged.
    /// </exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        CheckNoBatch();
        bool isOwner = Thread.CurrentThread == _owner;
        if (isOwner)
        {
            foreach (BufferRing bufferRing in _bufferRings.ToArray())
            {
                bufferRing.Dispose();
            }
        }

        // The index is the thread's: on another thread the same one can be another ring's.
        if (UsesRegisteredDescriptor && isOwner)
        {
            io_uring_rsrc_update update = default;
            update.offset = (uint)_enterFd;
            _ = Register(IORING_UNREGISTER_RING_FDS, &update, 1);
        }

        UnmapRings();
        int fd = _fd;
        _isDisposed = true;
        _fd = -1;
        _enterFd = -1;
        _enterFlags = 0;
        _owner = null;
        if (fd >= 0)
        {
            // The descriptor is free whatever close says.
            _ = RingLibc.Close(fd);
        }

        // Those that the kernel did not let go of before.
        _bufferRings.ForEach(bufferRing => bufferRing.Release(keepPool: !isOwner));
        _bufferRings.Clear();
        _memory?.Release();
        _files?.Forget();
        _fixedBuffers?.Forget();
        _waitRegion?.Release();
        _zeroCopyReceives.ForEach(receive => receive.Release());
        _names?.Release();
        EntryNames.Leave(this);
    }
}
