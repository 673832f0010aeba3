using System.Collections.Immutable;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Reports what the compiler's own rules of ref structs let pass: addresses of lent memory, connections used
/// after their close, results that tell of a loss.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LifetimeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = LifetimeRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            INamedTypeSymbol? connection = start.Compilation.GetTypeByMetadataName(KnownTypeNames.Connection);
            INamedTypeSymbol? datagram = start.Compilation.GetTypeByMetadataName(KnownTypeNames.Datagram);
            INamedTypeSymbol? handle =
                start.Compilation.GetTypeByMetadataName(KnownTypeNames.ConnectionHandle);
            if (connection is null || handle is null)
            {
                return;
            }

            var targets = new CallTargets(start.Compilation);
            var results = new ResultCheck(
                targets,
                connection,
                handle,
                datagram,
                start.Compilation.GetTypeByMetadataName(KnownTypeNames.DatagramHandle),
                start.Compilation.GetTypeByMetadataName(KnownTypeNames.ConnectionHold));
            var closes = new CloseCheck(targets, connection);
            var escapes = new EscapeCheck(
                targets, new WellKnownTypes(start.Compilation), connection, datagram);
            var memory = new StaticMemoryCheck(targets, connection);
            var frames = new FrameCheck(targets, new WellKnownTypes(start.Compilation), connection);
            var pauses = new PauseCheck(targets, connection, handle);
            RegisterContexts(start);
            start.RegisterOperationAction(memory.Analyze, OperationKind.Invocation);
            start.RegisterOperationAction(
                pauses.Analyze, OperationKind.Invocation, OperationKind.MethodReference);
            start.RegisterCompilationEndAction(pauses.Report);
            start.RegisterSymbolAction(frames.Analyze, SymbolKind.Method);
            start.RegisterOperationAction(results.Analyze, OperationKind.Invocation);
            start.RegisterOperationAction(escapes.AnalyzeCall, OperationKind.Invocation);
            start.RegisterOperationAction(escapes.AnalyzeProperty, OperationKind.PropertyReference);
            start.RegisterSymbolAction(escapes.AnalyzeCallback, SymbolKind.Method);
            start.RegisterSymbolAction(closes.Analyze, SymbolKind.Method);
        });
    }

    private static void RegisterContexts(CompilationStartAnalysisContext start)
    {
        INamedTypeSymbol? session = start.Compilation.GetTypeByMetadataName(KnownTypeNames.SessionContext);
        INamedTypeSymbol? attribute =
            start.Compilation.GetTypeByMetadataName(KnownTypeNames.GainProtocolAttribute);
        if (session is null || attribute is null)
        {
            return;
        }

        var contexts = new KeptContextCheck(session, attribute);
        start.RegisterSymbolAction(contexts.AnalyzeMember, SymbolKind.Field, SymbolKind.Property);
        start.RegisterOperationAction(contexts.AnalyzeParameter, OperationKind.ParameterReference);
        start.RegisterOperationAction(contexts.AnalyzeArgument, OperationKind.Argument);
        start.RegisterOperationAction(contexts.AnalyzeDelegate, OperationKind.DelegateCreation);
    }
}
