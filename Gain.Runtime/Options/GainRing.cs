namespace Gain;

/// <summary>The kernel interface that a server's workers use.</summary>
public enum GainRing
{
    /// <summary>
    /// <see cref="Uring"/> where it works, otherwise <see cref="Epoll"/>, with a warning in the log that says
    /// why. A test of the features decides, once per process.
    /// </summary>
    Auto = 0,

    /// <summary>The kernel's io_uring, or an error that says what to change.</summary>
    Uring = 1,

    /// <summary>epoll, on any kernel.</summary>
    Epoll = 2,
}
