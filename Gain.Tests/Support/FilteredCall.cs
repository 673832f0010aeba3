namespace Gain.Tests;

/// <summary>A system call that <see cref="FilteredThread"/> can refuse.</summary>
internal enum FilteredCall
{
    /// <summary>io_uring_enter, but for those that ask for completions.</summary>
    IoUringEnter,

    /// <summary>socket.</summary>
    Socket,

    /// <summary>listen.</summary>
    Listen,
}
