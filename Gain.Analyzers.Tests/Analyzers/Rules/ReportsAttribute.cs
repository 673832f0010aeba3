namespace Gain.Tests.Analyzers.Rules;

/// <summary>Marks the test that a rule finds what it is for. Every rule must have one.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ReportsAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
