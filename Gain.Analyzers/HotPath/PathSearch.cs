using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Gain.Analyzers.Blocking;
using Gain.Analyzers.Knowledge;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// Finds, breadth first, the shortest way from a method to a place that allocates (or one that blocks). What
/// was searched in vain is remembered as clean; what was found is not, so that the path in a message does
/// not depend on the order in which threads search.
/// </summary>
internal sealed class PathSearch(HotPathGraph graph, PathGoal goal)
{
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _clean = new(SymbolEqualityComparer.Default);

    /// <summary>The way, or null where there is none.</summary>
    public FoundPath? Find(IMethodSymbol start, Location from, CancellationToken cancellation)
    {
        if (IsEnd(start) || _clean.ContainsKey(start))
        {
            return null;
        }

        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default) { start };
        var queue = new Queue<Hop>();
        queue.Enqueue(new Hop(start, from, null));
        while (queue.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Expand(queue.Dequeue(), seen, queue, cancellation) is { } found)
            {
                return found;
            }
        }

        foreach (IMethodSymbol method in seen)
        {
            _clean.TryAdd(method, true);
        }

        return null;
    }

    private FoundPath? Expand(
        Hop hop, HashSet<IMethodSymbol> seen, Queue<Hop> queue, CancellationToken cancellation)
    {
        MethodSummary summary = graph.Summarize(hop.Method, cancellation);
        Substitution substitution = graph.SubstitutionOf(hop.Method);
        foreach (Site site in summary.Sites)
        {
            if (IsWanted(site) && Counts(site, substitution))
            {
                return new FoundPath(hop, site);
            }
        }

        foreach (Call call in summary.Calls)
        {
            if (call.IsExempt && goal != PathGoal.Blocking)
            {
                continue;
            }

            foreach (IMethodSymbol target in graph.Targets(call, substitution))
            {
                if (Judge(call, target, substitution) is { } site)
                {
                    return new FoundPath(hop, site);
                }

                if (graph.IsOwn(target) && !IsEnd(target) && !_clean.ContainsKey(target)
                    && !CallTargets.IsDeep(target)
                    && seen.Add(target))
                {
                    queue.Enqueue(new Hop(target, call.Location, hop));
                }
            }
        }

        return null;
    }

    public static bool Counts(Site site, Substitution substitution) =>
        site.UnlessReference is not { } parameter || !substitution.Apply(parameter).IsReferenceType;

    private bool IsWanted(Site site) => goal switch
    {
        PathGoal.Blocking => site.Rule.Category == RuleCategory.Blocking,
        PathGoal.Unverified => site.Rule.DefaultSeverity == DiagnosticSeverity.Info,
        _ => site.Rule.Category == RuleCategory.Allocation
            && site.Rule.DefaultSeverity != DiagnosticSeverity.Info,
    };

    private Site? Judge(Call call, IMethodSymbol target, Substitution substitution)
    {
        ITypeSymbol? receiver = call.Receiver is { } type ? substitution.Apply(type) : null;
        Site? site = (goal, graph.IsOwn(target)) switch
        {
            (PathGoal.Blocking, true) => null,
            (PathGoal.Blocking, false) => BlockingApis.Judge(target, call.Location),
            (_, true) => ReceiverBoxing.Judge(target, receiver, call.Location),
            (_, false) => graph.External.Judge(target, receiver, call.Location),
        };
        return site is not null && IsWanted(site) ? site : null;
    }

    // What is marked answers for itself: the one is checked where it stands, the other is allowed to.
    private bool IsEnd(IMethodSymbol method) =>
        goal != PathGoal.Blocking
        && (WellKnownTypes.FindOnMember(
            CallTargets.Definition(method), graph.Types.AllowAllocation) is not null
            || WellKnownTypes.FindOnMember(CallTargets.Definition(method), graph.Types.AllocationFree)
                is not null);
}
