using System.Collections.Immutable;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// Reports what allocates (GAIN1xxx) and what blocks (GAIN2xxx) in a protocol's callbacks, in methods marked
/// as free of allocations, and in all that they call.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HotPathAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        AllocationRules.All.AddRange(BlockingRules.All);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var types = new WellKnownTypes(context.Compilation);
        if (types.GainProtocol is null)
        {
            return;
        }

        var list = new UserList(context.Options.AdditionalFiles, context.CancellationToken);
        var graph = new HotPathGraph(context.Compilation, new ExternalCalls(types, list), types);
        var roots = new RootAnalysis(graph);
        context.RegisterSymbolAction(roots.Analyze, SymbolKind.Method);
        context.RegisterOperationAction(
            roots.AnalyzeFunction, OperationKind.LocalFunction, OperationKind.AnonymousFunction);
        if (list.Faults.Count > 0)
        {
            context.RegisterCompilationEndAction(end => ReportFaults(end, list));
        }
    }

    private static void ReportFaults(CompilationAnalysisContext context, UserList list)
    {
        foreach ((Location location, string line) in list.Faults)
        {
            context.ReportDiagnostic(Diagnostic.Create(AllocationRules.ListLine, location, line));
        }
    }
}
