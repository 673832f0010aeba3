namespace Gain.Kernel;

/// <summary>The flags that the kernel keeps in the submission ring.</summary>
internal static class IORING_SQ
{
    // SQPOLL: the thread sleeps.
    public const uint IORING_SQ_NEED_WAKEUP = 1u << 0;

    // Completions wait for room in the CQ ring; an enter with GETEVENTS flushes them.
    public const uint IORING_SQ_CQ_OVERFLOW = 1u << 1;

    // Completions wait to be run; only with IORING_SETUP_TASKRUN_FLAG.
    public const uint IORING_SQ_TASKRUN = 1u << 2;
}
