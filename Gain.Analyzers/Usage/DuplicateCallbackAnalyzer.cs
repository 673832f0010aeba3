using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0007: more than one overload could be the callback.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DuplicateCallbackAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0007";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A callback is declared once",
        "Only the first of the {1} overloads of '{0}' that fit is called: {2}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        foreach (CallbackSpec spec in CallbackSpec.All)
        {
            // Of methods that do not differ at all, the compiler tells.
            IMethodSymbol[] fitting = [.. handler.CallbacksOf(spec.Kind)];
            IMethodSymbol[] overloads =
            [
                .. fitting.Where(
                    method => !fitting.Any(other => CallbackParser.IsDuplicate(method, other))),
            ];
            foreach (IMethodSymbol overload in overloads.Skip(1))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    overload.Locations[0],
                    overload.Name,
                    overloads.Length,
                    spec.TakesMessage
                        ? "a protocol has one type of message, so make it one that can be either"
                        : "rename the others"));
            }
        }
    }
}
