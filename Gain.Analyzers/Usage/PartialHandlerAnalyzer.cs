using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0002: a handler, or a type that it is nested in, is not partial.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PartialHandlerAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0002";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler must be partial",
        "The generator cannot add code to '{0}': {1} not partial",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        // What no part could be added to all the same has that error first.
        if (!handler.IsStruct
            || handler.Type.IsRefLikeType
            || handler.Chain().Any(static type => type.IsFileLocal)
            || handler.FirstPart(context.CancellationToken) is not { } part)
        {
            return;
        }

        string[] missing =
        [
            .. part.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
                .Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))
                .Select(static type => $"'{type.Identifier.ValueText}'"),
        ];
        if (missing.Length > 0)
        {
            string verb = missing.Length == 1 ? "is" : "are";
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                part.Identifier.GetLocation(),
                handler.Type.Name,
                $"{string.Join(" and ", missing)} {verb}"));
        }
    }
}
