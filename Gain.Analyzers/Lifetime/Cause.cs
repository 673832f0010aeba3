using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>Why something comes to hold an address.</summary>
/// <param name="location">The address, where it leaves.</param>
/// <param name="inner">What the called method does with it; null for an assignment.</param>
/// <param name="method">The called method.</param>
internal readonly struct Cause(Location location, Escape? inner = null, IMethodSymbol? method = null)
{
    public Location Location { get; } = location;

    /// <summary>The escape, where what holds the address outlives the method.</summary>
    public Escape ToEscape(string keeps) =>
        inner is null || method is null ? new Escape(Location, keeps) : inner.Through(method, Location);
}
