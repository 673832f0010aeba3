using System.Collections.Generic;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// The ways around the compiler's rules for spans: an address of a callback's data, or of the memory that
/// <c>Connection.GetSpan</c> lends, that outlives the callback.
/// </summary>
internal sealed class EscapeCheck(CallTargets targets, WellKnownTypes types, INamedTypeSymbol connection)
{
    public void AnalyzeCallback(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.PartialImplementationPart is not null || !Callbacks.IsHot(method, types))
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (!types.IsSpan(parameter.Type))
            {
                continue;
            }

            var flows = new LentFlows(targets, types, connection, context.CancellationToken);
            LentFlow flow = flows.Of(method, new LentSource(parameter.Ordinal, isPlace: false));
            foreach (Escape escape in EscapesOf(flow, isHandlers: true))
            {
                context.ReportDiagnostic(ToDiagnostic(escape, parameter.Name));
            }
        }
    }

    public void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name != "GetSpan"
            || !SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, connection)
            || context.ContainingSymbol is not IMethodSymbol method)
        {
            return;
        }

        var flows = new LentFlows(targets, types, connection, context.CancellationToken);
        LentFlow flow = flows.Of(method, new LentSource(LentSource.Call, isPlace: false, call.Syntax));
        bool isHandlers =
            types.GainProtocol is { } attribute && Handler.IsOne(method.ContainingType, attribute);
        foreach (Escape escape in EscapesOf(flow, isHandlers))
        {
            context.ReportDiagnostic(ToDiagnostic(escape, call.TargetMethod.Name));
        }
    }

    // A handler lives as long as its connection; another struct may be a variable of the callback.
    private static IEnumerable<Escape> EscapesOf(LentFlow flow, bool isHandlers)
    {
        foreach (Escape escape in flow.Escapes)
        {
            yield return escape;
        }

        if (!isHandlers)
        {
            yield break;
        }

        foreach (Escape escape in flow.Receiver)
        {
            yield return escape;
        }

        foreach (Escape escape in flow.Parameters.Values)
        {
            yield return escape;
        }
    }

    private static Diagnostic ToDiagnostic(Escape escape, string name) => Diagnostic.Create(
        LifetimeRules.Escape, escape.Location, escape.Further, escape.Text, name);
}
