namespace Gain;

/// <summary>What a server's workers wait with.</summary>
public enum GainRing
{
    /// <summary>
    /// <see cref="Uring"/> where it works, which a test of its features finds out once per process, else
    /// <see cref="Epoll"/>, with a warning in the log that says why.
    /// </summary>
    Auto = 0,

    /// <summary>The kernel's io_uring, or an error that says what to change.</summary>
    Uring = 1,

    /// <summary>epoll, on any kernel.</summary>
    Epoll = 2,
}
