using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

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
            INamedTypeSymbol? handle =
                start.Compilation.GetTypeByMetadataName(KnownTypeNames.ConnectionHandle);
            if (connection is null || handle is null)
            {
                return;
            }

            var results = new ResultCheck(connection, handle);
            var closes = new CloseCheck(connection);
            var escapes = new EscapeCheck(new HotPath.WellKnownTypes(start.Compilation));
            start.RegisterOperationAction(results.Analyze, OperationKind.Invocation);
            start.RegisterOperationAction(closes.Analyze, OperationKind.Block);
            start.RegisterOperationAction(
                escapes.Analyze, OperationKind.Invocation, OperationKind.VariableDeclarator);
        });
    }
}
