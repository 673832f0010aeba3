namespace Gain.Kernel;

/// <summary><c>io_uring_params.flags</c>, see io_uring_setup(2).</summary>
internal static class IORING_SETUP
{
    public const uint IORING_SETUP_IOPOLL = 1u << 0;
    public const uint IORING_SETUP_SQPOLL = 1u << 1;
    public const uint IORING_SETUP_SQ_AFF = 1u << 2;
    public const uint IORING_SETUP_CQSIZE = 1u << 3;
    public const uint IORING_SETUP_CLAMP = 1u << 4;
    public const uint IORING_SETUP_ATTACH_WQ = 1u << 5;
    public const uint IORING_SETUP_R_DISABLED = 1u << 6;

    // 5.18: a bad SQE does not end the batch.
    public const uint IORING_SETUP_SUBMIT_ALL = 1u << 7;

    // 5.19: no interrupt to run completions; they run at the next system call.
    public const uint IORING_SETUP_COOP_TASKRUN = 1u << 8;

    // 5.19: IORING_SQ_TASKRUN tells that completions wait to be run.
    public const uint IORING_SETUP_TASKRUN_FLAG = 1u << 9;

    // 5.19
    public const uint IORING_SETUP_SQE128 = 1u << 10;

    // 5.19
    public const uint IORING_SETUP_CQE32 = 1u << 11;

    // 6.0: one thread submits.
    public const uint IORING_SETUP_SINGLE_ISSUER = 1u << 12;

    // 6.1: completions run only in an enter with GETEVENTS.
    public const uint IORING_SETUP_DEFER_TASKRUN = 1u << 13;

    // 6.5
    public const uint IORING_SETUP_NO_MMAP = 1u << 14;

    // 6.5
    public const uint IORING_SETUP_REGISTERED_FD_ONLY = 1u << 15;

    // 6.6: SQEs are taken in ring order, without the index array.
    public const uint IORING_SETUP_NO_SQARRAY = 1u << 16;

    // 6.13
    public const uint IORING_SETUP_HYBRID_IOPOLL = 1u << 17;

    // 6.18
    public const uint IORING_SETUP_CQE_MIXED = 1u << 18;

    // 6.19
    public const uint IORING_SETUP_SQE_MIXED = 1u << 19;

    // Newer than 6.19
    public const uint IORING_SETUP_SQ_REWIND = 1u << 20;
}
