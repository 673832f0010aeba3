namespace Gain.Workers;

/// <summary>When connections of a protocol are dialled again.</summary>
/// <param name="FirstMs">The first delay.</param>
/// <param name="MaxMs">The longest one.</param>
/// <param name="Jitter">The part of it that is left to chance, 0 to 1.</param>
internal sealed record RedialSetting(long FirstMs, long MaxMs, double Jitter)
{
    /// <summary>What options say; null for never.</summary>
    public static RedialSetting? Of(RedialOptions? options) => options is null
        ? null
        : new(
            (long)Math.Ceiling(options.FirstDelay.TotalMilliseconds),
            (long)Math.Ceiling(options.MaxDelay.TotalMilliseconds),
            options.Jitter);
}
