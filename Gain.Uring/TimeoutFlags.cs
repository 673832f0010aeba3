using Gain.Kernel;

namespace Gain.Uring;

/// <summary>How a timeout counts (<c>IORING_TIMEOUT_*</c>). See io_uring_prep_timeout(3).</summary>
[Flags]
public enum TimeoutFlags : uint
{
    /// <summary>A duration on the monotonic clock.</summary>
    None = 0,

    /// <summary>The time is a point on the clock, not a duration.</summary>
    Absolute = IORING_TIMEOUT.IORING_TIMEOUT_ABS,

    /// <summary>The clock that goes on in suspend. Linux 5.15.</summary>
    BootTime = IORING_TIMEOUT.IORING_TIMEOUT_BOOTTIME,

    /// <summary>The wall clock, which can be set. Linux 5.15.</summary>
    RealTime = IORING_TIMEOUT.IORING_TIMEOUT_REALTIME,

    /// <summary>Expiry (-ETIME) does not break a chain of links. Linux 5.16.</summary>
    ExpiryIsSuccess = IORING_TIMEOUT.IORING_TIMEOUT_ETIME_SUCCESS,

    /// <summary>Completes at each interval; the count bounds how often, and 0 does not. Linux 6.4.</summary>
    Multishot = IORING_TIMEOUT.IORING_TIMEOUT_MULTISHOT,

    /// <summary>An update is of a linked timeout. Linux 5.15.</summary>
    UpdateLinked = IORING_TIMEOUT.IORING_LINK_TIMEOUT_UPDATE,

    /// <summary>
    /// The address is the time itself, in nanoseconds. Newer than Linux 6.19; EINVAL before.
    /// </summary>
    ImmediateTime = IORING_TIMEOUT.IORING_TIMEOUT_IMMEDIATE_ARG,
}
