namespace Gain.Workers;

/// <summary>
/// How often a worker may log one kind of message that peers can cause: five at once, then one a second.
/// </summary>
internal struct LogLimiter
{
    private const int Burst = 5;
    private const int IntervalMs = 1_000;

    private long _nextMs;

    /// <summary>The messages that were not logged since the last one that was.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Takes the right to log one message.</summary>
    /// <param name="nowMs">The worker's clock.</param>
    /// <param name="suppressed">How many were not logged before this one.</param>
    public bool TryTake(long nowMs, out long suppressed)
    {
        suppressed = Suppressed;
        long next = Math.Max(_nextMs, nowMs - ((Burst - 1) * IntervalMs));
        if (next > nowMs)
        {
            Suppressed++;
            return false;
        }

        _nextMs = next + IntervalMs;
        Suppressed = 0;
        return true;
    }
}
