using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0006: a method is named nearly like a callback.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallbackNameAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0006";

    /// <summary>The property of a diagnostic that holds the callback's name, for the fix.</summary>
    internal const string NameProperty = "Callback";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A callback is found by its name",
        "'{0}' is not called, and nothing here calls it: the callback is '{1}'",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        foreach (IMethodSymbol method in handler.Methods)
        {
            if (NearMiss.Find(method, handler) is { } spec && !IsNamed(context, method))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    method.Locations[0],
                    ImmutableDictionary<string, string?>.Empty.Add(NameProperty, spec.MethodName),
                    method.Name,
                    spec.MethodName));
            }
        }
    }

    // A method that the handler calls itself is a method of its own, whatever its name. There are few of such
    // names, so that these are looked for: to be told of every call is work for all the types that there are.
    private static bool IsNamed(SymbolAnalysisContext context, IMethodSymbol method)
    {
        foreach (SyntaxReference part in method.ContainingType.DeclaringSyntaxReferences)
        {
#pragma warning disable RS1030 // The parts of a type may lie in any files.
            SemanticModel model = context.Compilation.GetSemanticModel(part.SyntaxTree);
#pragma warning restore RS1030
            foreach (SyntaxNode node in part.GetSyntax(context.CancellationToken).DescendantNodes())
            {
                if (node is SimpleNameSyntax name && name.Identifier.ValueText == method.Name)
                {
                    ISymbol? named = model.GetSymbolInfo(name, context.CancellationToken).Symbol;
                    if (SymbolEqualityComparer.Default.Equals(named?.OriginalDefinition, method))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
