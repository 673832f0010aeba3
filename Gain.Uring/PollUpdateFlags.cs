using Gain.Kernel;

namespace Gain.Uring;

/// <summary>What an update of a poll changes (<c>IORING_POLL_*</c>).</summary>
[Flags]
public enum PollUpdateFlags : uint
{
    /// <summary>Nothing: the poll is removed.</summary>
    None = 0,

    /// <summary>The poll becomes multishot, with <see cref="Events"/>.</summary>
    Multishot = IORING_POLL.IORING_POLL_ADD_MULTI,

    /// <summary>The events.</summary>
    Events = IORING_POLL.IORING_POLL_UPDATE_EVENTS,

    /// <summary>The user data.</summary>
    UserData = IORING_POLL.IORING_POLL_UPDATE_USER_DATA,

    /// <summary>The poll is level-triggered. Linux 6.0.</summary>
    Level = IORING_POLL.IORING_POLL_ADD_LEVEL,
}
