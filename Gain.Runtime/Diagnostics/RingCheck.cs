namespace Gain;

/// <summary>One thing that servers need of io_uring, and whether it works here.</summary>
/// <param name="Name">What was tried, as in "multishot accept".</param>
/// <param name="Fault">What was wrong; null when nothing was.</param>
public readonly record struct RingCheck(string Name, string? Fault);
