using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>A method on the way of a search.</summary>
/// <param name="method">The method, with its type arguments.</param>
/// <param name="from">Where it is called.</param>
/// <param name="previous">The caller; null for the first.</param>
internal sealed class Hop(IMethodSymbol method, Location from, Hop? previous)
{
    public IMethodSymbol Method { get; } = method;

    public Location From { get; } = from;

    public Hop? Previous { get; } = previous;
}
