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

        // None either: the half of a pair whose partner's send had gone out in part, of which the worker
        // does not know, was taken for one that is stuck.
        43_410,

        // A stop lost what a receive had taken when a full submission queue was sent off in mid-turn.
        238_482,

        // None in the engine: a dial was to be over before its time.
        171_620,
    ];

    /// <summary>Those with a layer.</summary>
    public static readonly ulong[] Layered = [1_683, 7_891, 9_321, 634_560, 656_010];
}
