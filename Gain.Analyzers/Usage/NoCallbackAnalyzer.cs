using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0004: a handler has no method with the name of a callback.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoCallbackAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0004";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler must have a callback",
        "'{0}' has no callback, so what its connections send would be dropped: declare one of {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        bool isAnyMeant = handler.Methods.Any(
            method => Handler.SpecOf(method) is not null || NearMiss.Find(method, handler) is not null);
        if (handler.IsExtensible(context.CancellationToken) && !isAnyMeant)
        {
            handler.Report(
                context,
                s_rule,
                handler.Type.Name,
                string.Join(", ", CallbackSpec.All.Select(static spec => spec.MethodName)));
        }
    }
}
