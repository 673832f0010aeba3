using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0013: a framing attribute stands on a type that is not a handler.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FramingWithoutHandlerAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0013";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A framing needs a handler",
        "The framing of '{0}' does nothing without [GainProtocol]",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context,
        INamedTypeSymbol attribute) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                var handler = new Handler((INamedTypeSymbol)symbol.Symbol);
                if (!handler.Framings().IsEmpty && !Handler.IsOne(handler.Type, attribute))
                {
                    handler.Report(symbol, s_rule, handler.Type.Name);
                }
            },
            SymbolKind.NamedType);
}
