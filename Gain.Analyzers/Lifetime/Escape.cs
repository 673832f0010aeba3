using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>A place from which an address of lent memory is kept, or may be.</summary>
/// <param name="location">The address, where it leaves.</param>
/// <param name="keeps">What keeps it, with the verb: "The field '_start' keeps".</param>
/// <param name="path">The methods that it goes through first.</param>
/// <param name="further">Where it goes on in those.</param>
internal sealed class Escape(
    Location location,
    string keeps,
    ImmutableArray<string> path,
    ImmutableArray<Location> further)
{
    public Escape(Location location, string keeps)
        : this(location, keeps, [], [])
    {
    }

    public Location Location { get; } = location;

    public ImmutableArray<Location> Further { get; } = further;

    /// <summary>The beginning of a message: the methods on the way, and what keeps the address.</summary>
    public string Text => Path.IsEmpty
        ? Keeps
        : $"{string.Join(" → ", Path)}: {char.ToLowerInvariant(Keeps[0])}{Keeps.Substring(1)}";

    private string Keeps { get; } = keeps;

    private ImmutableArray<string> Path { get; } = path;

    /// <summary>The same, as the caller of a method sees it.</summary>
    public Escape Through(IMethodSymbol method, Location from) =>
        new(from, Keeps, Path.Insert(0, Name(method)), Further.Insert(0, Location));

    public static string Name(ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
