namespace Gain;

/// <summary>A feature of io_uring that servers need, and whether it works here.</summary>
public readonly record struct RingCheck
{
    /// <summary>What was tried, as in "multishot accept".</summary>
    public required string Name { get; init; }

    /// <summary>What was wrong; null when nothing was.</summary>
    public string? Fault { get; init; }
}
