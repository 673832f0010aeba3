using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The features that the kernel reports at setup (<c>IORING_FEAT_*</c>,
/// io_uring_setup(2)).</summary>
[Flags]
public enum RingFeatures : uint
{
    /// <summary>None: Linux 5.1 to 5.3.</summary>
    None = 0,

    /// <summary>Both rings are in one mapping. Linux 5.4.</summary>
    SingleMap = IORING_FEAT.IORING_FEAT_SINGLE_MMAP,

    /// <summary>Completions that find no room are kept. Linux 5.5.</summary>
    NoDrop = IORING_FEAT.IORING_FEAT_NODROP,

    /// <summary>What an entry points at, other than data, is read at submission. Linux 5.5.</summary>
    SubmitStable = IORING_FEAT.IORING_FEAT_SUBMIT_STABLE,

    /// <summary>Offset -1 means the file's own position. Linux 5.6.</summary>
    CurrentPosition = IORING_FEAT.IORING_FEAT_RW_CUR_POS,

    /// <summary>Operations run with the credentials of who submits. Linux 5.6.</summary>
    CurrentPersonality = IORING_FEAT.IORING_FEAT_CUR_PERSONALITY,

    /// <summary>Sockets and pipes are waited for without a thread. Linux 5.7.</summary>
    FastPoll = IORING_FEAT.IORING_FEAT_FAST_POLL,

    /// <summary>All 32 bits of poll events. Linux 5.9.</summary>
    Poll32Bits = IORING_FEAT.IORING_FEAT_POLL_32BITS,

    /// <summary>Submission threads take unregistered files. Linux 5.11.</summary>
    PollingThreadAnyFile = IORING_FEAT.IORING_FEAT_SQPOLL_NONFIXED,

    /// <summary>
    /// A wait takes a timeout; <see cref="Ring.SubmitAndWait(uint, long)"/> needs it. Linux 5.11.
    /// </summary>
    ExtendedArgument = IORING_FEAT.IORING_FEAT_EXT_ARG,

    /// <summary>The kernel's workers are threads of the process. Linux 5.12.</summary>
    NativeWorkers = IORING_FEAT.IORING_FEAT_NATIVE_WORKERS,

    /// <summary>Registered resources have tags. Linux 5.13.</summary>
    ResourceTags = IORING_FEAT.IORING_FEAT_RSRC_TAGS,

    /// <summary><see cref="SubmissionFlags.SkipSuccess"/> works. Linux 5.17.</summary>
    SkipSuccess = IORING_FEAT.IORING_FEAT_CQE_SKIP,

    /// <summary>The file of a linked submission is looked up when it starts. Linux 5.17.</summary>
    LinkedFile = IORING_FEAT.IORING_FEAT_LINKED_FILE,

    /// <summary>Registrations take a registered ring descriptor. Linux 6.3.</summary>
    RegisterByRegisteredRing = IORING_FEAT.IORING_FEAT_REG_REG_RING,

    /// <summary>Sends and receives over several buffers. Linux 6.10.</summary>
    Bundles = IORING_FEAT.IORING_FEAT_RECVSEND_BUNDLE,

    /// <summary>A wait takes a time to batch for. Linux 6.12.</summary>
    MinimumTimeout = IORING_FEAT.IORING_FEAT_MIN_TIMEOUT,

    /// <summary>Reads and writes take attributes. Linux 6.14.</summary>
    ReadWriteAttributes = IORING_FEAT.IORING_FEAT_RW_ATTR,

    /// <summary>A wait need not count as waiting for I/O. Linux 6.15.</summary>
    NoIoWait = IORING_FEAT.IORING_FEAT_NO_IOWAIT,
}
