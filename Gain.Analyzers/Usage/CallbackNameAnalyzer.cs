using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0006: a method is named nearly like a callback.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallbackNameAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0006";

    /// <summary>The property of a diagnostic that holds the callback's name, for the fix.</summary>
    internal const string NameProperty = "Callback";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A callback is found by its name",
        "'{0}' is not called, and nothing here calls it: the callback is '{1}'",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context,
        INamedTypeSymbol attribute) =>
        context.RegisterSymbolStartAction(
            start =>
            {
                var type = (INamedTypeSymbol)start.Symbol;
                if (Handler.IsOne(type, attribute))
                {
                    AnalyzeNames(start, new Handler(type));
                }
            },
            SymbolKind.NamedType);

    // A method that the handler calls itself is a method of its own, whatever its name.
    private static void AnalyzeNames(SymbolStartAnalysisContext start, Handler handler)
    {
        var called = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        start.RegisterOperationAction(
            operation => called[TargetOf(operation.Operation).OriginalDefinition] = true,
            OperationKind.Invocation,
            OperationKind.MethodReference);
        start.RegisterSymbolEndAction(end =>
        {
            foreach (IMethodSymbol method in handler.Methods)
            {
                if (!called.ContainsKey(method) && NearMiss.Find(method, handler) is { } spec)
                {
                    end.ReportDiagnostic(Diagnostic.Create(
                        s_rule,
                        method.Locations[0],
                        ImmutableDictionary<string, string?>.Empty.Add(NameProperty, spec.MethodName),
                        method.Name,
                        spec.MethodName));
                }
            }
        });
    }

    private static IMethodSymbol TargetOf(IOperation operation) =>
        operation is IInvocationOperation invocation
            ? invocation.TargetMethod
            : ((IMethodReferenceOperation)operation).Method;
}
