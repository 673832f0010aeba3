using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Projects;

/// <summary>Judges the methods that other projects can call, and writes the verdicts as a table.</summary>
internal sealed class SummaryWriter(HotPathGraph graph, CancellationToken cancellation)
{
    private readonly PathSearch _allocations = new(graph, PathGoal.Allocation);
    private readonly PathSearch _blocking = new(graph, PathGoal.Blocking);
    private readonly PathSearch _unverified = new(graph, PathGoal.Unverified);

    /// <summary>The table; empty where there is nothing to say.</summary>
    public string Write(IEnumerable<INamedTypeSymbol> types)
    {
        var text = new StringBuilder();
        string space = "";
        foreach (INamedTypeSymbol type in types.Where(IsVisible)
            .OrderBy(Namespaces.Of, StringComparer.Ordinal)
            .ThenBy(static one => one.GetDocumentationCommentId(), StringComparer.Ordinal))
        {
            string id = type.GetDocumentationCommentId() ?? "";
            string[] lines = [.. LinesOf(type, id).OrderBy(static one => one, StringComparer.Ordinal)];
            if (lines.Length == 0)
            {
                continue;
            }

            string within = Namespaces.Of(type);
            if (within != space)
            {
                text.Append('N').Append(within).Append('\n');
                space = within;
            }

            int prefix = 2 + (within.Length == 0 ? 0 : within.Length + 1);
            text.Append('T').Append(id.Substring(prefix)).Append('\n');
            foreach (string line in lines)
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private IEnumerable<string> LinesOf(INamedTypeSymbol type, string typeId)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (member is not IMethodSymbol { IsAbstract: false } method || !IsCallable(method)
                || method.GetDocumentationCommentId() is not { } id)
            {
                continue;
            }

            string name = id.Substring(typeId.Length + 1);
            if (SignOf(method) is { } sign)
            {
                yield return sign + name;
            }

            if (_blocking.Find(method, method.Locations[0], cancellation) is not null)
            {
                yield return "!" + name;
            }
        }
    }

    // What depends on type arguments is left open: those of a call are not known here.
    private char? SignOf(IMethodSymbol method)
    {
        Location location = method.Locations[0];
        if (_allocations.Find(method, location, cancellation) is not null)
        {
            return CallTargets.IsGeneric(method) ? null : '-';
        }

        return _unverified.Find(method, location, cancellation) switch
        {
            null => CallTargets.IsGeneric(method) ? null : '+',
            { Rule: var rule } when rule == AllocationRules.Grows && OnlyGrows(method) => '~',
            _ => null,
        };
    }

    // The search ends at the first that it finds, behind which there may be one that nobody knows.
    private bool OnlyGrows(IMethodSymbol method) =>
        new PathSearch(graph, PathGoal.Unknown).Find(method, method.Locations[0], cancellation) is null;

    private static bool IsCallable(IMethodSymbol method) =>
        method.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected
            or Accessibility.ProtectedOrInternal
        && method.MethodKind is not (MethodKind.StaticConstructor or MethodKind.Destructor)
        && (!method.IsImplicitlyDeclared || method.ContainingType.IsRecord);

    private static bool IsVisible(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected
                or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
