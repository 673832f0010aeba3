namespace Gain.Cli.Tuning;

/// <summary>What keeps an interface from being tuned, for the user to read.</summary>
internal sealed class TuningException(string message, bool isUsage = false) : Exception(message)
{
    /// <summary>Whether other arguments would do.</summary>
    public bool IsUsage { get; } = isUsage;
}
