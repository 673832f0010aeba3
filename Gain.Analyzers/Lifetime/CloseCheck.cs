using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>Writes to a connection on a way that leads through its close.</summary>
internal sealed class CloseCheck(CallTargets targets, INamedTypeSymbol connection)
{
    public void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.PartialImplementationPart is not null)
        {
            return;
        }

        var summaries = new CloseSummaries(targets, connection, context.CancellationToken);
        bool isGiven = method.Parameters.Any(parameter => summaries.IsConnection(parameter.Type));
        if (isGiven && summaries.GraphOf(method, null) is { } graph)
        {
            Analyze(context, summaries, graph, method.Parameters);
        }
    }

    private static void Analyze(
        SymbolAnalysisContext context,
        CloseSummaries summaries,
        ControlFlowGraph graph,
        IEnumerable<IParameterSymbol> parameters)
    {
        foreach (ISymbol variable in parameters.Where(one => summaries.IsConnection(one.Type)))
        {
            CloseSummary summary = new CloseWalker(summaries, graph, variable, isClosed: false).Summarize();
            foreach ((Location location, string name, string closer) in summary.Lost)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(LifetimeRules.UseAfterClose, location, name, closer));
            }
        }

        foreach (IMethodSymbol function in graph.LocalFunctions)
        {
            if (function.Parameters.Any(parameter => summaries.IsConnection(parameter.Type)))
            {
                Analyze(
                    context,
                    summaries,
                    graph.GetLocalFunctionControlFlowGraph(function, context.CancellationToken),
                    function.Parameters);
            }
        }
    }
}
