namespace Gain.Uring;

/// <summary>How a ring polls network cards before it sleeps (NAPI).</summary>
/// <param name="TimeoutMicroseconds">How long, in microseconds; 0: not at all.</param>
/// <param name="IsPreferred">Whether it is to take precedence over the card's interrupts.</param>
public readonly record struct BusyPolling(uint TimeoutMicroseconds, bool IsPreferred);
