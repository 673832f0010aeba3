using System;
using System.Collections.Generic;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The diagnostics of one method: one for each place and rule.</summary>
internal sealed class RootReport(Action<Diagnostic> report)
{
    private readonly HashSet<(string Id, Location Location)> _seen = [];
    private readonly HashSet<Location> _known = [];

    public void Add(Site site) => Add(Diagnostic.Create(site.Rule, site.Location, site.What));

    public void Add(DiagnosticDescriptor rule, Location location, IMethodSymbol target, FoundPath path) =>
        Add(Diagnostic.Create(rule, location, path.Locations, Name(target), path.Text));

    public void AddUnverified(Location location, IMethodSymbol target, FoundPath path) =>
        Add(Diagnostic.Create(
            path.Rule,
            location,
            path.Locations,
            path.Rule == AllocationRules.Grows
                ? $"{Name(target)} → {path.Way}"
                : $"{Name(target)}, which calls {path.Way.TrimEnd(',')},"));

    public void AddSibling(Location location, IMethodSymbol target, IMethodSymbol sibling) =>
        Add(Diagnostic.Create(BlockingRules.AsyncSibling, location, Name(target), Name(sibling)));

    private void Add(Diagnostic diagnostic)
    {
        // Where something is known to allocate, it is no news that something else may.
        if (diagnostic.Id == AllocationRules.Unverified.Id || diagnostic.Id == AllocationRules.Grows.Id)
        {
            if (_known.Contains(diagnostic.Location))
            {
                return;
            }
        }
        else
        {
            _known.Add(diagnostic.Location);
        }

        if (_seen.Add((diagnostic.Id, diagnostic.Location)))
        {
            report(diagnostic);
        }
    }

    private static string Name(IMethodSymbol method) =>
        method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
