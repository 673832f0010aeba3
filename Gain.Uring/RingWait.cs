namespace Gain.Uring;

/// <summary>What ends a wait besides its completions. By default nothing else does.</summary>
public readonly unsafe struct RingWait
{
    internal bool IsUnlimited => Timeout is null && SignalMask == null && BatchMicroseconds == 0;

    /// <summary>The longest wait, or a point in time; null, the default: no limit. Linux 5.11.</summary>
    public Timespec? Timeout { get; init; }

    /// <summary>Whether <see cref="Timeout"/> is a point on the ring's clock. Linux 6.12.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>
    /// How long to wait for the whole count, in microseconds; after that, one completion is enough. Linux
    /// 6.12; 0, the default: the whole count is waited for.
    /// </summary>
    public uint BatchMicroseconds { get; init; }

    /// <summary>
    /// The signals that are blocked during the wait, a <c>sigset_t</c> of the kernel's 8 bytes; null, the
    /// default: those of the thread.
    /// </summary>
    public ulong* SignalMask { get; init; }
}
