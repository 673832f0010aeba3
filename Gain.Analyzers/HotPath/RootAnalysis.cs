using System;
using System.Collections.Generic;
using System.Threading;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Checks one method, if it is one from which a hot path begins.</summary>
internal sealed class RootAnalysis(HotPathGraph graph)
{
    private readonly PathSearch _allocations = new(graph, PathGoal.Allocation);
    private readonly PathSearch _blocking = new(graph, PathGoal.Blocking);
    private readonly PathSearch _unverified = new(graph, PathGoal.Unverified);

    public void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        WellKnownTypes types = graph.Types;
        AttributeData? allowed = WellKnownTypes.FindOnMember(method, types.AllowAllocation);

        // The definition of a partial method has the attributes of both parts.
        if (allowed is not null && method.PartialDefinitionPart is null)
        {
            CheckReason(context.ReportDiagnostic, method, allowed, types);
        }

        bool isCallback = Callbacks.IsHot(method, types);
        bool mayAllocate = allowed is not null
            || (!isCallback && WellKnownTypes.FindOnMember(method, types.AllocationFree) is null);
        if ((mayAllocate && !isCallback) || method.PartialImplementationPart is not null)
        {
            return;
        }

        var report = new RootReport(context.ReportDiagnostic);
        MethodSummary summary = graph.Summarize(method, context.CancellationToken);
        Substitution substitution = graph.SubstitutionOf(method);
        foreach (Site site in summary.Sites)
        {
            if (site.Rule.Category == RuleCategory.Blocking ? isCallback : !mayAllocate)
            {
                report.Add(site);
            }
        }

        foreach (Call call in summary.Calls)
        {
            foreach (IMethodSymbol target in graph.Targets(call, substitution, context.CancellationToken))
            {
                bool blocks = isCallback && CheckBlocking(report, call, target, context.CancellationToken);

                // What must not be called at all need not be asked what it allocates.
                if (!blocks && !mayAllocate && !call.IsExempt)
                {
                    CheckAllocation(report, call, target, context.CancellationToken);
                }
            }
        }
    }

    /// <summary>The same for a function within a method.</summary>
    public void AnalyzeFunction(OperationAnalysisContext context)
    {
        IMethodSymbol? function = context.Operation switch
        {
            ILocalFunctionOperation local => local.Symbol,
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            _ => null,
        };
        if (function is not null
            && WellKnownTypes.Find(function, graph.Types.AllowAllocation) is { } allowed)
        {
            CheckReason(context.ReportDiagnostic, function, allowed, graph.Types);
        }
    }

    private static void CheckReason(
        Action<Diagnostic> report, IMethodSymbol method, AttributeData allowed, WellKnownTypes types)
    {
        if (allowed.ConstructorArguments is [{ Value: string reason }] && !string.IsNullOrWhiteSpace(reason))
        {
            return;
        }

        // A property's attribute is that of its first accessor.
        if (method.AssociatedSymbol is IPropertySymbol { GetMethod: { } getter }
            && !SymbolEqualityComparer.Default.Equals(getter, method)
            && WellKnownTypes.Find(method, types.AllowAllocation) is null)
        {
            return;
        }

        Location location = allowed.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : method.Locations[0];
        string name = method.MethodKind == MethodKind.AnonymousFunction ? "the lambda" : method.Name;
        report(Diagnostic.Create(AllocationRules.Reason, location, name));
    }

    private void CheckAllocation(
        RootReport report, Call call, IMethodSymbol target, CancellationToken cancellation)
    {
        if (!graph.IsOwn(target))
        {
            if (graph.External.Judge(target, call.Receiver, call.Location, call.IsValid) is { } site)
            {
                report.Add(site);
            }

            return;
        }

        if (Knowledge.ReceiverBoxing.Judge(target, call.Receiver, call.Location) is { } boxing)
        {
            report.Add(boxing);
        }

        if (_allocations.Find(target, call.Location, cancellation) is { } path)
        {
            report.Add(AllocationRules.Transitive, call.Location, target, path);
        }
        else if (_unverified.Find(target, call.Location, cancellation) is { } unverified)
        {
            report.AddUnverified(call.Location, target, unverified);
        }
    }

    // Whether the call itself is one that blocks.
    private bool CheckBlocking(
        RootReport report, Call call, IMethodSymbol target, CancellationToken cancellation)
    {
        if (graph.IsOwn(target))
        {
            if (!graph.IsNotRun(call, target, cancellation)
                && _blocking.Find(target, call.Location, cancellation) is { } path)
            {
                report.Add(BlockingRules.Transitive, call.Location, target, path);
            }

            return false;
        }

        if ((BlockingApis.Judge(call, target) ?? graph.External.Blocking(call, target)) is { } site)
        {
            report.Add(site);
            return true;
        }

        if (BlockingApis.FindAsyncSibling(call, target) is { } sibling)
        {
            report.AddSibling(call.Location, target, sibling);
        }

        return false;
    }
}
