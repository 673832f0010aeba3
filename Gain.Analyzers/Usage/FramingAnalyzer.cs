using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0009: a framing attribute has a value that is not allowed, or is not the only one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FramingAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0009";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A framing attribute must be valid",
        "The framing of '{0}' is left out: {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        ImmutableArray<AttributeData> framings = handler.Framings();
        foreach (AttributeData framing in framings.Skip(1).Where(one => !IsOfOneClass(one, framings[0])))
        {
            Report(context, handler, framing, "a handler has one framing, and another is declared already");
        }

        // What the compiler could not make sense of, it has reported.
        if (framings.Length == 1
            && !FramingRequirement.HasCompilersError(framings[0], context.CancellationToken)
            && FramingParser.Parse(handler.Type) is InvalidFramingModel)
        {
            Report(context, handler, framings[0], FramingRequirement.Of(framings[0]));
        }
    }

    // The same attribute twice is the compiler's error.
    private static bool IsOfOneClass(AttributeData left, AttributeData right) =>
        SymbolEqualityComparer.Default.Equals(left.AttributeClass, right.AttributeClass);

    private static void Report(
        SymbolAnalysisContext context,
        Handler handler,
        AttributeData framing,
        string reason)
    {
        SyntaxNode? syntax = framing.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken);
        context.ReportDiagnostic(Diagnostic.Create(
            s_rule,
            syntax?.GetLocation() ?? handler.Type.Locations[0],
            handler.Type.Name,
            reason));
    }
}
