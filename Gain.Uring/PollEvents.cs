namespace Gain.Uring;

/// <summary>What a descriptor is polled for, and what it has (<c>POLL*</c>, poll(2), epoll_ctl(2)).</summary>
[Flags]
public enum PollEvents : uint
{
    /// <summary>None but <see cref="Error"/> and <see cref="HangUp"/>, which are always waited for.</summary>
    None = 0,

    /// <summary>There is something to read, or a connection to accept.</summary>
    In = 0x1,

    /// <summary>Something exceptional: out-of-band data, a change of a cgroup file.</summary>
    Priority = 0x2,

    /// <summary>There is room to write.</summary>
    Out = 0x4,

    /// <summary>An error; for a pipe that is written to, nobody reads it.</summary>
    Error = 0x8,

    /// <summary>The other end is closed.</summary>
    HangUp = 0x10,

    /// <summary>The descriptor is not open.</summary>
    Invalid = 0x20,

    /// <summary>The peer will send nothing more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>Only one of several waiters is woken. Linux 5.13.</summary>
    Exclusive = 1u << 28,

    /// <summary>Once for each change, not for as long as the state lasts.</summary>
    EdgeTriggered = 1u << 31,
}
