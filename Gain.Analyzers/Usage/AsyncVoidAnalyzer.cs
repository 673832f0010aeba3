using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0011: a method of a handler is <c>async void</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncVoidAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0011";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler has no async void method",
        "'{0}' is async void: {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        foreach (IMethodSymbol method in handler.Methods)
        {
            if (method is { IsAsync: true, ReturnsVoid: true })
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    method.Locations[0],
                    method.Name,
                    Handler.SpecOf(method) is null
                        ? "nobody can wait for it, and what it throws ends the process; let it return a Task"
                        : "a callback ends on its worker's thread; start a static method returning a Task"));
            }
        }
    }
}
