namespace Gain.Analyzers.HotPath;

/// <summary>What a search looks for.</summary>
internal enum PathGoal
{
    Allocation,
    Blocking,

    /// <summary>A call of which it is not known whether it allocates.</summary>
    Unverified,

    /// <summary>As <see cref="Unverified"/>, but for what only allocates when it grows.</summary>
    Unknown,
}
