using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0005: a method has a callback's name, and not its signature.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallbackSignatureAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0005";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A callback takes only what it is offered",
        "'{0}' is not called: {1}. Accepted: {2}.",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        foreach (IMethodSymbol method in handler.Methods)
        {
            // async void has a rule of its own.
            if (Handler.SpecOf(method) is not { } spec
                || Handler.Fits(method, spec)
                || method is { IsAsync: true, ReturnsVoid: true }
                || HasCompilersError(method))
            {
                continue;
            }

            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                method.Locations[0],
                method.Name,
                CallbackSignature.WhyRefused(method, spec),
                CallbackSignature.Accepted(spec)));
        }
    }

    // Where a type is not found, nothing can be said about the signature.
    private static bool HasCompilersError(IMethodSymbol method) =>
        method.ReturnType.TypeKind == TypeKind.Error
        || method.Parameters.Any(static parameter => parameter.Type.TypeKind == TypeKind.Error);
}
