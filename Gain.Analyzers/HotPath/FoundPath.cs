using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>A way from a call to a place that allocates or blocks.</summary>
internal sealed class FoundPath
{
    private readonly ImmutableArray<Hop> _hops;
    private readonly Site _end;

    public FoundPath(Hop last, Site end)
    {
        ImmutableArray<Hop>.Builder hops = ImmutableArray.CreateBuilder<Hop>();
        for (Hop? at = last; at is not null; at = at.Previous)
        {
            hops.Add(at);
        }

        hops.Reverse();
        _hops = hops.ToImmutable();
        _end = end;
    }

    /// <summary>The rule of what is at its end.</summary>
    public DiagnosticDescriptor Rule => _end.Rule;

    /// <summary>The methods on the way, and what the last one calls.</summary>
    public string Way => string.Join(
        " → ", _hops.Skip(1).Select(static hop => Name(hop.Method)).Concat([_end.What]));

    /// <summary>The methods on the way, and what the last one does.</summary>
    public string Text
    {
        get
        {
            string hops = string.Join(" → ", _hops.Skip(1).Select(static hop => Name(hop.Method)));
            string what = string.Format(
                CultureInfo.InvariantCulture, _end.Rule.MessageFormat.ToString(CultureInfo.InvariantCulture),
                    _end.What);
            string end = $"{what} ({_end.Rule.Id})";
            return hops.Length == 0 ? end : $"{hops} → {end}";
        }
    }

    /// <summary>The calls after the first, and the place itself.</summary>
    public ImmutableArray<Location> Locations =>
        [.. _hops.Skip(1).Select(static hop => hop.From), _end.Location];

    private static string Name(IMethodSymbol method) =>
        method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
