namespace Gain.Workers;

/// <summary>How connections of a protocol are kept while nobody needs them.</summary>
/// <param name="PerTarget">How many for one target.</param>
/// <param name="All">How many for all.</param>
/// <param name="IdleMs">How long.</param>
internal sealed record PoolSetting(int PerTarget, int All, long IdleMs)
{
    /// <summary>What options say; null for none.</summary>
    public static PoolSetting? Of(PoolOptions? options) => options is null
        ? null
        : new(
            options.MaxIdlePerTarget,
            options.MaxIdle,
            (long)Math.Ceiling(options.IdleTime.TotalMilliseconds));
}
