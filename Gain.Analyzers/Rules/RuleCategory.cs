namespace Gain.Analyzers.Rules;

/// <summary>The categories of rules, by which an .editorconfig sets severities together.</summary>
internal static class RuleCategory
{
    /// <summary>GAIN0xxx: what the generator cannot make a protocol of. Errors.</summary>
    public const string Usage = "Gain.Usage";

    /// <summary>GAIN1xxx: what allocates on the managed heap.</summary>
    public const string Allocation = "Gain.Allocation";

    /// <summary>GAIN2xxx: what stops a worker's thread.</summary>
    public const string Blocking = "Gain.Blocking";

    /// <summary>GAIN3xxx: what keeps something longer than it was lent.</summary>
    public const string Lifetime = "Gain.Lifetime";
}
