using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Usage;

/// <summary>
/// GAIN0016: a message is posted whose type no <c>OnMessage</c> and no session takes. A handle does not say
/// whose connection it names, so that all handlers of the compilation are looked at, and nothing is said when
/// others are referenced.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownMessageAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0016";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A message has the type that OnMessage takes",
        "TryPost throws, because no OnMessage takes '{0}': {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context, INamedTypeSymbol attribute)
    {
        INamedTypeSymbol? handle =
            context.Compilation.GetTypeByMetadataName(KnownTypeNames.ConnectionHandle);
        if (handle is null || RefersToOthers(context.Compilation, handle.ContainingAssembly))
        {
            return;
        }

        var posts = new ConcurrentQueue<(Location Place, ITypeSymbol Type)>();
        var taken = new ConcurrentQueue<ITypeSymbol>();
        context.RegisterOperationAction(
            operation =>
            {
                IMethodSymbol method = ((IInvocationOperation)operation.Operation).TargetMethod;
                if (method is { Name: "TryPost", TypeArguments: [var type] }
                    && type.TypeKind != TypeKind.TypeParameter
                    && SymbolEqualityComparer.Default.Equals(method.ContainingType, handle))
                {
                    posts.Enqueue((operation.Operation.Syntax.GetLocation(), type));
                }
            },
            OperationKind.Invocation);
        context.RegisterSymbolAction(
            symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (Handler.IsOne(type, attribute))
                {
                    if (SessionMessageParser.TypeOf(type) is { } message)
                    {
                        taken.Enqueue(message);
                    }

                    foreach (IMethodSymbol method in new Handler(type).CallbacksOf(CallbackKind.Message))
                    {
                        foreach (IParameterSymbol parameter in method.Parameters)
                        {
                            taken.Enqueue(parameter.Type);
                        }
                    }
                }
            },
            SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end =>
        {
            foreach ((Location place, ITypeSymbol type) in posts)
            {
                if (!taken.Any(one => SymbolEqualityComparer.Default.Equals(one, type)))
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_rule, place, NameOf(type), Advice(taken)));
                }
            }
        });
    }

    private static string Advice(ConcurrentQueue<ITypeSymbol> taken)
    {
        string[] types =
        [
            .. taken
                .Where(type => type.Name is not "Connection")
                .Select(NameOf)
                .Distinct()
                .OrderBy(name => name, System.StringComparer.Ordinal),
        ];
        return types.Length == 0
            ? "declare one in the handler that is to get it"
            : $"name the type that one takes, as in TryPost<{types[0]}>(…)";
    }

    private static string NameOf(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    // Handlers of another assembly may take the message, and are not looked at.
    private static bool RefersToOthers(Compilation compilation, IAssemblySymbol gain) =>
        compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly =>
            !SymbolEqualityComparer.Default.Equals(assembly, gain)
            && assembly.Modules.Any(module =>
                module.ReferencedAssemblies.Any(name => name.Name == gain.Name)));
}
