namespace Gain.Kernel;

/// <summary>The flags of io_uring_enter(2).</summary>
internal static class IORING_ENTER
{
    public const uint IORING_ENTER_GETEVENTS = 1u << 0;
    public const uint IORING_ENTER_SQ_WAKEUP = 1u << 1;
    public const uint IORING_ENTER_SQ_WAIT = 1u << 2;

    // 5.11: the argument is an io_uring_getevents_arg.
    public const uint IORING_ENTER_EXT_ARG = 1u << 3;

    // 5.18: the fd is the index of a registered ring.
    public const uint IORING_ENTER_REGISTERED_RING = 1u << 4;

    // 6.12
    public const uint IORING_ENTER_ABS_TIMER = 1u << 5;

    // 6.13
    public const uint IORING_ENTER_EXT_ARG_REG = 1u << 6;

    // 6.15
    public const uint IORING_ENTER_NO_IOWAIT = 1u << 7;
}
