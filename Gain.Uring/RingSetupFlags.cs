using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// How a ring runs (<c>IORING_SETUP_*</c>). Flags up to <see cref="NoSubmissionArray"/> are left out, newest
/// first, when the kernel refuses them: see <see cref="Ring.Create(RingOptions)"/>. When the kernel refuses
/// another flag, the ring is refused. Flags that size a ring (<c>CQSIZE</c>, <c>CLAMP</c>) are always set;
/// <c>SQ_AFF</c> and <c>ATTACH_WQ</c> follow from <see cref="RingOptions"/>.
/// </summary>
[Flags]
public enum RingSetupFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>An entry that the kernel refuses does not end the batch that it is in. Linux 5.18.</summary>
    SubmitAll = IORING_SETUP.IORING_SETUP_SUBMIT_ALL,

    /// <summary>
    /// A completion does not interrupt the thread; it is made at the thread's next system call. Linux 5.19.
    /// </summary>
    CooperativeTaskRun = IORING_SETUP.IORING_SETUP_COOP_TASKRUN,

    /// <summary>
    /// <see cref="Ring.TaskWorkPending"/> tells when an enter would make completions. Linux 5.19; it needs
    /// <see cref="CooperativeTaskRun"/> or <see cref="DeferTaskRun"/>.
    /// </summary>
    TaskRunFlag = IORING_SETUP.IORING_SETUP_TASKRUN_FLAG,

    /// <summary>One thread submits, and the kernel relies on it. Linux 6.0.</summary>
    SingleIssuer = IORING_SETUP.IORING_SETUP_SINGLE_ISSUER,

    /// <summary>
    /// Completions are made only in <see cref="Ring.SubmitAndGetEvents"/> and
    /// <see cref="Ring.SubmitAndWait(uint, long)"/>. Linux 6.1; it needs <see cref="SingleIssuer"/> and
    /// excludes <see cref="CooperativeTaskRun"/>.
    /// </summary>
    DeferTaskRun = IORING_SETUP.IORING_SETUP_DEFER_TASKRUN,

    /// <summary>The submission ring has no index array: one load less for each entry. Linux 6.6.</summary>
    NoSubmissionArray = IORING_SETUP.IORING_SETUP_NO_SQARRAY,

    /// <summary>
    /// Waits poll the device instead of sleeping until it interrupts (IOPOLL): for reads and writes with
    /// O_DIRECT of devices that can; all else completes with EOPNOTSUPP or EINVAL. Linux 5.1.
    /// </summary>
    DevicePolling = IORING_SETUP.IORING_SETUP_IOPOLL,

    /// <summary>With <see cref="DevicePolling"/>: sleeps for a while, then polls. Linux 6.13.</summary>
    HybridDevicePolling = IORING_SETUP.IORING_SETUP_HYBRID_IOPOLL,

    /// <summary>
    /// A thread of the kernel's submits (SQPOLL), so that a submission is a store to memory; the thread
    /// sleeps when it is idle, and <see cref="Ring.Submit"/> wakes it. It takes a CPU while it is awake. It
    /// excludes <see cref="DeferTaskRun"/> and <see cref="CooperativeTaskRun"/>. Linux 5.1; any user may have
    /// one from 5.13 on, those with CAP_SYS_NICE from 5.11, before that those with CAP_SYS_ADMIN only (EPERM)
    /// and with registered files only.
    /// </summary>
    SubmissionThread = IORING_SETUP.IORING_SETUP_SQPOLL,

    /// <summary>
    /// The ring takes no submissions before <see cref="Ring.Enable"/>: for restrictions, and to hand it to
    /// the thread that will use it, which calls that. Linux 5.10.
    /// </summary>
    Disabled = IORING_SETUP.IORING_SETUP_R_DISABLED,

    /// <summary>All entries have 128 bytes, see <see cref="Ring.TryGetEntry128"/>. Linux 5.19.</summary>
    LargeSubmissions = IORING_SETUP.IORING_SETUP_SQE128,

    /// <summary>
    /// All completions have 32 bytes, see <see cref="Ring.TakeLargeCompletions"/>. Linux 5.19.
    /// </summary>
    LargeCompletions = IORING_SETUP.IORING_SETUP_CQE32,

    /// <summary>
    /// The rings are in memory of the process, see <see cref="RingOptions.MemoryAddress"/>. Linux 6.5.
    /// </summary>
    NoMapping = IORING_SETUP.IORING_SETUP_NO_MMAP,

    /// <summary>
    /// The ring has no descriptor, but only a registered one: other threads cannot reach it. It needs
    /// <see cref="NoMapping"/>. Linux 6.5.
    /// </summary>
    RegisteredDescriptorOnly = IORING_SETUP.IORING_SETUP_REGISTERED_FD_ONLY,

    /// <summary>Completions have 16 or 32 bytes, as each needs. Linux 6.18.</summary>
    MixedCompletions = IORING_SETUP.IORING_SETUP_CQE_MIXED,

    /// <summary>Entries have 64 or 128 bytes, as each needs. Linux 6.19.</summary>
    MixedSubmissions = IORING_SETUP.IORING_SETUP_SQE_MIXED,

    /// <summary>
    /// Each submission starts at the first entry of the ring, whose cache lines stay warm. Newer than Linux
    /// 6.19; it needs <see cref="NoSubmissionArray"/>.
    /// </summary>
    Rewind = IORING_SETUP.IORING_SETUP_SQ_REWIND,

    /// <summary>The flags that suit one thread that submits and reaps in a loop.</summary>
    Default = SubmitAll | SingleIssuer | DeferTaskRun | NoSubmissionArray,
}
