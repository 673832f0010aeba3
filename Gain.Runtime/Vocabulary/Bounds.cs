namespace Gain;

/// <summary>The bounds that options are checked against, and that the engine is built for.</summary>
internal static class Bounds
{
    /// <summary>The most slots of a worker: a completion names one in 24 bits.</summary>
    public const int MaxSlots = 1 << 24;

    /// <summary>The longest time of a timer: 24 days.</summary>
    public const long MaxTimerMs = 24L * 24 * 60 * 60 * 1_000;
}
