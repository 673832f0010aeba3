using System.Collections.Generic;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// The ways around the compiler's rules for spans: an address of a callback's data, or of the memory that
/// <c>Connection.GetSpan</c> or <c>Datagram.RemotePath</c> lends, that outlives the callback.
/// </summary>
internal sealed class EscapeCheck(
    CallTargets targets, WellKnownTypes types, INamedTypeSymbol connection, INamedTypeSymbol? datagram)
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
            if (!types.IsSpan(parameter.Type) || parameter.RefKind == RefKind.Out)
            {
                continue;
            }

            var flows = new LentFlows(targets, types, connection, context.CancellationToken);
            LentFlow flow = flows.Of(method, new LentSource(parameter.Ordinal, isPlace: false));
            RemoveAnswers(method, flow);
            foreach (Escape escape in EscapesOf(flow, isHandlers: true))
            {
                context.ReportDiagnostic(ToDiagnostic(escape, parameter.Name));
            }
        }
    }

    public void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name == "GetSpan"
            && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, connection))
        {
            AnalyzeLent(context, call.TargetMethod.Name);
        }
    }

    public void AnalyzeProperty(OperationAnalysisContext context)
    {
        IPropertySymbol property = ((IPropertyReferenceOperation)context.Operation).Property;
        if (property.Name == "RemotePath"
            && SymbolEqualityComparer.Default.Equals(property.ContainingType, datagram))
        {
            AnalyzeLent(context, property.Name);
        }
    }

    private void AnalyzeLent(OperationAnalysisContext context, string name)
    {
        if (context.ContainingSymbol is not IMethodSymbol method)
        {
            return;
        }

        var flows = new LentFlows(targets, types, connection, context.CancellationToken);
        var source = new LentSource(LentSource.Call, isPlace: false, context.Operation.Syntax);
        bool isHandlers =
            types.GainProtocol is { } attribute && Handler.IsOne(method.ContainingType, attribute);
        foreach (Escape escape in EscapesOf(flows.Of(method, source), isHandlers))
        {
            context.ReportDiagnostic(ToDiagnostic(escape, name));
        }
    }

    // The parser of a framing answers by spans of its buffer.
    private void RemoveAnswers(IMethodSymbol method, LentFlow flow)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind is RefKind.Ref or RefKind.Out && types.IsSpan(parameter.Type))
            {
                flow.Parameters.Remove(parameter.Ordinal);
            }
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
