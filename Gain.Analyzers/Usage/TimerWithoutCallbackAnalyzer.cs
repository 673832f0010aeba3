using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0015: a callback sets a timer, and its handler has no <c>OnTimer</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TimerWithoutCallbackAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0015";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A timer needs OnTimer",
        "SetTimer throws, because '{0}' has no OnTimer for it to call: declare "
        + "void OnTimer(Connection connection)",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context, INamedTypeSymbol attribute)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownTypeNames.Connection) is { } connection)
        {
            context.RegisterOperationAction(
                operation => Analyze(operation, attribute, connection), OperationKind.Invocation);
        }
    }

    private static void Analyze(
        OperationAnalysisContext context, INamedTypeSymbol attribute, INamedTypeSymbol connection)
    {
        var call = (IInvocationOperation)context.Operation;

        // The callback's own connection: one that was borrowed may be another handler's.
        if (call.TargetMethod.Name == "SetTimer"
            && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, connection)
            && call.Instance is IParameterReferenceOperation { Parameter: var parameter }
            && parameter.ContainingSymbol is IMethodSymbol method
            && Handler.SpecOf(method) is not null
            && Handler.IsOne(method.ContainingType, attribute)
            && !new Handler(method.ContainingType).CallbacksOf(CallbackKind.Timer).Any())
        {
            context.ReportDiagnostic(
                Diagnostic.Create(s_rule, call.Syntax.GetLocation(), method.ContainingType.Name));
        }
    }
}
