namespace Gain.Tests;

/// <summary>A system call that <see cref="FilteredThread"/> can refuse.</summary>
internal enum FilteredCall
{
    /// <summary>io_uring_enter, but for those that ask for completions.</summary>
    IoUringEnter,

    /// <summary>socket.</summary>
    Socket,

    /// <summary>bind.</summary>
    Bind,

    /// <summary>listen.</summary>
    Listen,

    /// <summary>setsockopt.</summary>
    SetSockOpt,

    /// <summary>fcntl, which duplicates descriptors and sets their flags.</summary>
    Fcntl,

    /// <summary>eventfd2.</summary>
    EventFd,

    /// <summary>epoll_create1.</summary>
    EpollCreate,

    /// <summary>epoll_ctl.</summary>
    EpollControl,

    /// <summary>unlink, by the call that libc makes of it.</summary>
    Unlink,

    /// <summary>mmap of the length given.</summary>
    MMap,
}
