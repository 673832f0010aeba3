using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>
/// GAIN0014: a server, a client or a dial is given a type without <c>[GainProtocol]</c>. The compiler's own
/// error (CS0315) names an interface that nobody writes by hand.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingProtocolAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0014";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "What serves connections needs [GainProtocol]",
        "'{0}' cannot serve connections: declare [GainProtocol] partial struct {0}, "
        + "with callbacks such as OnRead",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context, INamedTypeSymbol attribute)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownTypeNames.Protocol) is { } protocol)
        {
            context.RegisterSyntaxNodeAction(
                node => Analyze(node, attribute, protocol), SyntaxKind.InvocationExpression);
        }
    }

    private static void Analyze(
        SyntaxNodeAnalysisContext context, INamedTypeSymbol attribute, INamedTypeSymbol protocol)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(call, context.CancellationToken);
        if (info.Symbol is not null)
        {
            return;
        }

        foreach (IMethodSymbol method in info.CandidateSymbols.OfType<IMethodSymbol>())
        {
            for (int i = 0; i < method.TypeParameters.Length; i++)
            {
                if (Demands(method.TypeParameters[i], protocol)
                    && TypeOf(context, call, method, i) is { } type
                    && !Handler.IsOne(type, attribute)
                    && !type.AllInterfaces.Any(one => IsProtocol(one, protocol)))
                {
                    context.ReportDiagnostic(Diagnostic.Create(s_rule, PlaceOf(call), type.Name));
                    return;
                }
            }
        }
    }

    private static bool Demands(ITypeParameterSymbol parameter, INamedTypeSymbol protocol) =>
        parameter.ConstraintTypes.OfType<INamedTypeSymbol>().Any(one => IsProtocol(one, protocol));

    private static bool IsProtocol(INamedTypeSymbol type, INamedTypeSymbol protocol) =>
        SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, protocol);

    // What was inferred or written for the type parameter; of a method that does not fit, the type of the
    // argument that it would have come from.
    private static INamedTypeSymbol? TypeOf(
        SyntaxNodeAnalysisContext context, InvocationExpressionSyntax call, IMethodSymbol method, int index)
    {
        if (method.TypeArguments[index] is INamedTypeSymbol { TypeKind: not TypeKind.Error } given)
        {
            return given;
        }

        ITypeSymbol parameter = method.OriginalDefinition.TypeParameters[index];
        IParameterSymbol? source = method.OriginalDefinition.Parameters.FirstOrDefault(
            one => SymbolEqualityComparer.Default.Equals(one.Type, parameter));
        return source is not null && source.Ordinal < call.ArgumentList.Arguments.Count
            ? context.SemanticModel.GetTypeInfo(
                call.ArgumentList.Arguments[source.Ordinal].Expression, context.CancellationToken).Type
                as INamedTypeSymbol
            : null;
    }

    private static Location PlaceOf(InvocationExpressionSyntax call) =>
        (call.Expression is MemberAccessExpressionSyntax access ? access.Name : call.Expression)
            .GetLocation();
}
