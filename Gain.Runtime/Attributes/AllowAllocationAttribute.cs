namespace Gain;

/// <summary>
/// Lets a member on a hot path allocate. The analyzers do not report its allocations or those of the members
/// that it calls, and its callers can call it without a report.
/// </summary>
/// <param name="reason">
/// The reason, for the next reader: when the member runs, or how often. Mandatory: an empty reason is
/// reported.
/// </param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class AllowAllocationAttribute(string reason) : Attribute
{
    /// <summary>Why the member may allocate.</summary>
    public string Reason { get; } = reason;
}
