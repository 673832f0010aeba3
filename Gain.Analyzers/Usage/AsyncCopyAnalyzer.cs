using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0012: an <c>async</c> instance method of a handler may write to a copy.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncCopyAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0012";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "An async method of a handler runs on a copy",
        "'{0}' is async and runs on a copy of the handler, whose writes are lost: make it static or readonly",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        if (!handler.IsStruct)
        {
            return;
        }

        foreach (IMethodSymbol method in handler.Methods)
        {
            // What is readonly writes nothing, by the compiler's word. A callback has a rule of its own.
            if (method is { IsAsync: true, IsStatic: false, ReturnsVoid: false, IsReadOnly: false }
                && Handler.SpecOf(method) is null)
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, method.Locations[0], method.Name));
            }
        }
    }
}
