namespace Gain.Tests.Simulation;

/// <summary>Seeds that found a defect, beyond those that run anyway: they run first and for ever.</summary>
internal static class RegressionSeeds
{
    /// <summary>The seeds. What each found is in the commit that added it.</summary>
    public static readonly ulong[] All = [];
}
