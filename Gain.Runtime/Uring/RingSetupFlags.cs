using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// How a ring runs (<c>IORING_SETUP_*</c>). What the kernel refuses is left out, newest first, see
/// <see cref="Ring.Create(RingOptions)"/>. Those that size a ring (<c>CQSIZE</c>, <c>CLAMP</c>) are always
/// set.
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
    /// <see cref="Ring.SubmitAndWait"/>. Linux 6.1; it needs <see cref="SingleIssuer"/> and excludes
    /// <see cref="CooperativeTaskRun"/>.
    /// </summary>
    DeferTaskRun = IORING_SETUP.IORING_SETUP_DEFER_TASKRUN,

    /// <summary>The submission ring has no index array: one load less for each entry. Linux 6.6.</summary>
    NoSubmissionArray = IORING_SETUP.IORING_SETUP_NO_SQARRAY,

    /// <summary>What suits one thread that submits and reaps in a loop.</summary>
    Default = SubmitAll | SingleIssuer | DeferTaskRun | NoSubmissionArray,
}
