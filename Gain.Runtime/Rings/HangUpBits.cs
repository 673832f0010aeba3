using Gain.Kernel;

namespace Gain.Rings;

/// <summary>What <see cref="IRing.PrepAwaitHangUp"/> tells of a socket.</summary>
internal static class HangUpBits
{
    /// <summary>Both of them together: an error, such as the peer's reset, has ended it.</summary>
    public const int Gone = Libc.POLLERR | Libc.POLLHUP;
}
