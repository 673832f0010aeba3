namespace Gain;

/// <summary>
/// Lets a member allocate that a hot path calls: the analyzers report none of its allocations, nor those of
/// what it calls, and its callers may call it.
/// </summary>
/// <param name="reason">
/// Why it may, for the next reader: when it runs, or how often. Mandatory: an empty one is reported.
/// </param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class AllowAllocationAttribute(string reason) : Attribute
{
    /// <summary>Why the member may allocate.</summary>
    public string Reason { get; } = reason;
}
