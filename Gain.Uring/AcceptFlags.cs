using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// io_uring's own flags of an accept (<c>IORING_ACCEPT_*</c>), in <see cref="SubmissionEntry.IoPriority"/>.
/// </summary>
[Flags]
public enum AcceptFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Goes on after a completion; the methods set it. Linux 5.19.</summary>
    Multishot = IORING_ACCEPT.IORING_ACCEPT_MULTISHOT,

    /// <summary>EAGAIN instead of a wait. Linux 6.10.</summary>
    DontWait = IORING_ACCEPT.IORING_ACCEPT_DONTWAIT,

    /// <summary>Waits for the socket before the first attempt. Linux 6.10.</summary>
    PollFirst = IORING_ACCEPT.IORING_ACCEPT_POLL_FIRST,
}
