namespace Gain.Tests.Simulation;

/// <summary>Seeds that found a defect, beyond those that run anyway: they run first and forever.</summary>
internal static class RegressionSeeds
{
    /// <summary>The seeds, each with what it found.</summary>
    public static readonly ulong[] All =
    [
        // A receive was armed while the last one's cancellation was in flight.
        29_902,

        // None in the engine: the check took a session that its lifetime had closed, whose peer took nothing
        // more, for one that is stuck.
        24_652,
    ];

    /// <summary>Those with a layer.</summary>
    public static readonly ulong[] Layered = [1_683, 7_891, 9_321];
}
