using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>A place in a body that allocates or blocks.</summary>
/// <param name="rule">The rule of its cause.</param>
/// <param name="location">Where it stands.</param>
/// <param name="what">What allocates or blocks there, for the message.</param>
/// <param name="unlessReference">
/// A type parameter of which it depends: the place allocates unless a reference type stands for it.
/// </param>
/// <param name="unlessValue">As the other, unless a value type stands for it.</param>
internal sealed class Site(
    DiagnosticDescriptor rule,
    Location location,
    string what,
    ITypeSymbol? unlessReference = null,
    ITypeSymbol? unlessValue = null)
{
    public ITypeSymbol? UnlessValue { get; } = unlessValue;

    public DiagnosticDescriptor Rule { get; } = rule;

    public Location Location { get; } = location;

    public string What { get; } = what;

    public ITypeSymbol? UnlessReference { get; } = unlessReference;
}
