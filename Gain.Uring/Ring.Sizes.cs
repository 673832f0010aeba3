using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// The version of liburing whose header this library follows: io_uring_major_version,
    /// io_uring_minor_version, io_uring_check_version(3).
    /// </summary>
    public static Version LiburingVersion { get; } = new(2, 15);

    /// <summary>
    /// The memory that a ring takes, in bytes and whole pages: io_uring_memory_size_params, in liburing.h.
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <returns>The bytes of its entries and completions.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static nuint MemorySize(RingOptions options)
    {
        RingSetup.Validate(options);
        (nuint entries, nuint rings) = RingMemory.Sizes(options);
        return entries + rings;
    }

    /// <summary>
    /// What of <see cref="MemorySize"/> counts against RLIMIT_MEMLOCK, in bytes: all of it for a user without
    /// CAP_IPC_LOCK, as kernels charge it to this day. io_uring_mlock_size(3), which says 0 from Linux 5.12
    /// on, is too hopeful.
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static nuint LockedMemorySize(RingOptions options) => MemorySize(options);

    /// <summary>
    /// Changes the size of the rings. Completions, and entries that wait to be taken, stay; but every
    /// <see cref="SubmissionEntry"/> and <see cref="CompletionAt"/> from before is void. Linux 6.13, with
    /// <see cref="RingSetupFlags.DeferTaskRun"/>; io_uring_resize_rings(3).
    /// </summary>
    /// <param name="entries">Submission entries, rounded up to a power of two.</param>
    /// <param name="completionEntries">Completion entries, at least as many, rounded up likewise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of the range of a ring's.</exception>
    /// <exception cref="RingException">
    /// EINVAL (the kernel or this ring cannot), EBADF (its descriptor is closed), EOVERFLOW (more is there
    /// than would fit), ENOMEM. The ring is as it was; unless mmap(2) fails: then it is disposed of.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread, or inside a loop over <see cref="TakeCompletions"/>. The ring is as it was.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public void Resize(int entries, int completionEntries)
    {
        RingSetup.Validate(new RingOptions { Entries = entries, CompletionEntries = completionEntries });
        CheckOwner();
        CheckNoBatch();
        if (_memory is not null)
        {
            throw Refused(
                "io_uring_register of other sizes", Errno.EINVAL,
                "The ring is in memory of its own (NoMapping), which has the size it has.");
        }

        if (_fd < 0)
        {
            throw Refused(
                "io_uring_register of other sizes", Errno.EBADF,
                "The new rings are mapped by the ring's descriptor, which was closed: resize before "
                + "CloseDescriptor.");
        }

        // The kernel moves what is published; release as in Enter.
        Volatile.Write(ref *_kernelSqTail, _sqTail);
        io_uring_params parameters = default;
        parameters.sq_entries = (uint)entries;
        parameters.cq_entries = (uint)completionEntries;
        parameters.flags = IORING_SETUP.IORING_SETUP_CQSIZE | IORING_SETUP.IORING_SETUP_CLAMP;
        _ = RegisterOrThrow(IORING_REGISTER_RESIZE_RINGS, &parameters, 1, "other sizes");
        parameters.features = (uint)Features;
        uint oldMask = _sqMask;
        MapAgain(in parameters);
        _names?.Move(_sqHead, _sqTail, oldMask, _sqMask);
    }
}
