namespace Gain.Uring;

/// <summary>How a ring polls network cards before it sleeps (NAPI).</summary>
public readonly record struct BusyPolling
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="timeoutMicroseconds">How long, in microseconds; 0: not at all.</param>
    /// <param name="isPreferred">Whether it is to take precedence over the card's interrupts.</param>
    public BusyPolling(uint timeoutMicroseconds, bool isPreferred)
    {
        TimeoutMicroseconds = timeoutMicroseconds;
        IsPreferred = isPreferred;
    }

    /// <summary>How long, in microseconds; 0: not at all.</summary>
    public uint TimeoutMicroseconds { get; init; }

    /// <summary>Whether it is to take precedence over the card's interrupts.</summary>
    public bool IsPreferred { get; init; }
}
