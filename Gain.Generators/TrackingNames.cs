namespace Gain.Generators;

/// <summary>The names of the pipeline's steps, by which tests find out whether a step was cached.</summary>
internal static class TrackingNames
{
    /// <summary>One model, or none, per attributed part.</summary>
    public const string Parsed = nameof(Parsed);

    /// <summary>The models for which a file is emitted.</summary>
    public const string Protocols = nameof(Protocols);

    /// <summary>All of them.</summary>
    public static string[] All => [Parsed, Protocols];
}
