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
/// GAIN0018: a protocol declares messages of a session and has none, or they cannot be such; or a session
/// awaits messages of a type that no protocol of the compilation declares.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionMessageAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0018";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A session awaits the messages that its protocol declares",
        "{0}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Register(
        CompilationStartAnalysisContext context, INamedTypeSymbol attribute)
    {
        base.Register(context, attribute);
        INamedTypeSymbol? session = context.Compilation.GetTypeByMetadataName(KnownTypeNames.SessionContext);
        if (session is null)
        {
            return;
        }

        var awaited = new ConcurrentQueue<(Location Place, ITypeSymbol Type)>();
        var declared = new ConcurrentQueue<ITypeSymbol>();
        context.RegisterOperationAction(
            operation =>
            {
                IMethodSymbol method = ((IInvocationOperation)operation.Operation).TargetMethod;
                if (method is { Name: "Message", TypeArguments: [var type] }
                    && type.TypeKind != TypeKind.TypeParameter
                    && SymbolEqualityComparer.Default.Equals(
                        method.ContainingAssembly, session.ContainingAssembly))
                {
                    awaited.Enqueue((operation.Operation.Syntax.GetLocation(), type));
                }
            },
            OperationKind.Invocation);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (SessionMessageParser.TypeOf((INamedTypeSymbol)symbol.Symbol) is { } type)
                {
                    declared.Enqueue(type);
                }
            },
            SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end =>
        {
            foreach ((Location place, ITypeSymbol type) in awaited)
            {
                if (!declared.Any(one => SymbolEqualityComparer.Default.Equals(one, type)))
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_rule, place, NotDeclared(type)));
                }
            }
        });
    }

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        if (SessionMessageParser.Find(handler.Type) is not { } attribute
            || attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is not { } place)
        {
            return;
        }

        ITypeSymbol type = SessionMessageParser.TypeOf(handler.Type)!;
        string? wrong =
            !handler.CallbacksOf(CallbackKind.Session).Any()
                ? $"'{handler.Type.Name}' declares [SessionMessage] and no OnSession that awaits messages: "
                    + "declare it, or an OnMessage instead of the attribute"
            : type.TypeKind != TypeKind.Error && !MessageParser.CanBeMessage(type)
                ? $"'{NameOf(type)}' cannot be posted to a session: it is file-local, or [PerWorker]"
            : null;
        if (wrong is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, place.GetLocation(), wrong));
        }
    }

    private static string NotDeclared(ITypeSymbol type) =>
        $"Message throws, because no protocol declares [SessionMessage<{NameOf(type)}>]: declare it on the "
        + "one whose session this is";

    private static string NameOf(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
