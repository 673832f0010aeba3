namespace Gain.Tests.Analyzers.Rules;

/// <summary>Marks the test that a rule is silent about what is right. Every rule must have one.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AllowsAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
