using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0003: a handler is a <c>ref struct</c>, or file-local.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerScopeAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0003";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler must be an ordinary struct that other files can name",
        "The generator cannot add code to '{0}': {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        if (handler.Type.IsRefLikeType)
        {
            handler.Report(
                context,
                s_rule,
                handler.Type.Name,
                "it is a ref struct, and connections' copies of it could not lie in the worker's array");
        }
        else if (handler.IsStruct && handler.Chain().FirstOrDefault(type => type.IsFileLocal) is { } local)
        {
            handler.Report(
                context,
                s_rule,
                handler.Type.Name,
                $"'{local.Name}' is file-local, and its other part would be in another file");
        }
    }
}
