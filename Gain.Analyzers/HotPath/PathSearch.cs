using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Gain.Analyzers.Allocation;
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
        int limit = CallTargets.DepthLimit(start);
        bool isWhole = true;
        while (queue.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Expand(queue.Dequeue(), limit, seen, queue, ref isWhole, cancellation) is { } found)
            {
                return found;
            }
        }

        // What was cut short is clean of nothing.
        if (!isWhole)
        {
            return null;
        }

        foreach (IMethodSymbol method in seen)
        {
            _clean.TryAdd(method, true);
        }

        return null;
    }

    private FoundPath? Expand(
        Hop hop,
        int limit,
        HashSet<IMethodSymbol> seen,
        Queue<Hop> queue,
        ref bool isWhole,
        CancellationToken cancellation)
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

            foreach (IMethodSymbol target in graph.Targets(call, substitution, cancellation))
            {
                if (Judge(call, target, substitution) is { } site)
                {
                    return new FoundPath(hop, site);
                }

                if (!graph.IsOwn(target) || IsEnd(target)
                    || (goal == PathGoal.Blocking && graph.IsNotRun(call, target, cancellation))
                    || _clean.ContainsKey(target))
                {
                    continue;
                }

                if (CallTargets.DepthOf(target) > limit)
                {
                    isWhole = false;
                    if (goal is PathGoal.Unverified or PathGoal.Unknown)
                    {
                        return new FoundPath(hop, TooDeep(call));
                    }
                }
                else if (seen.Add(target))
                {
                    queue.Enqueue(new Hop(target, call.Location, hop));
                }
            }
        }

        return null;
    }

    public static bool Counts(Site site, Substitution substitution) =>
        (site.UnlessReference is not { } parameter || !substitution.Apply(parameter).IsReferenceType)
        && (site.UnlessValue is not { } created || !substitution.Apply(created).IsValueType);

    private static Site TooDeep(Call call) => new(
        AllocationRules.Unverified, call.Location,
        $"{call.Target.Name}, whose type arguments grow from call to call,");

    private bool IsWanted(Site site) => goal switch
    {
        PathGoal.Blocking => site.Rule.Category == RuleCategory.Blocking,
        PathGoal.Unknown => site.Rule == AllocationRules.Unverified,
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
            (PathGoal.Blocking, false) => BlockingApis.Judge(call, target)
                ?? graph.External.Blocking(call, target),
            (_, true) => ReceiverBoxing.Judge(target, receiver, call.Location),
            (_, false) => graph.External.Judge(target, receiver, call.Location, call.IsValid),
        };
        return site is not null && IsWanted(site) ? site : null;
    }

    // What is marked answers for itself: the one is checked where it stands, the other is allowed to. A
    // generic one is checked for what nobody knows there, and has to be for the type arguments of a call.
    private bool IsEnd(IMethodSymbol method) =>
        (!CallTargets.IsGeneric(method) && graph.IsOwn(method)
            && Callbacks.IsPart(CallTargets.Definition(method), graph.Types))
        || goal != PathGoal.Blocking
        && (WellKnownTypes.FindOnMember(
            CallTargets.Definition(method), graph.Types.AllowAllocation) is not null
            || (!CallTargets.IsGeneric(method)
                && WellKnownTypes.FindOnMember(CallTargets.Definition(method), graph.Types.AllocationFree)
                    is not null));
}
