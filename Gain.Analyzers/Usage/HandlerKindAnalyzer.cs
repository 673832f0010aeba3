using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0001: a class has <c>[GainProtocol]</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerKindAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0001";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler must be a struct",
        "'{0}' is a class, and a handler is a struct: every connection has its own copy of it",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        // On an interface, an enumeration or a delegate the attribute is the compiler's own error.
        if (handler.Type.TypeKind == TypeKind.Class)
        {
            handler.Report(context, s_rule, handler.Type.Name);
        }
    }
}
