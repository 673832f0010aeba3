namespace Gain;

/// <summary>What options are checked against, and the engine is built for.</summary>
internal static class Bounds
{
    /// <summary>The slots of a worker at most: a completion names one in 24 bits.</summary>
    public const int MaxSlots = 1 << 24;

    /// <summary>The longest time ahead that a timer may be set to: 24 days.</summary>
    public const long MaxTimerMs = 24L * 24 * 60 * 60 * 1_000;
}
