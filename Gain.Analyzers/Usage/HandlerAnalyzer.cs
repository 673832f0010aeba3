using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>Looks at each type with <c>[GainProtocol]</c>, in the user's own code.</summary>
public abstract class HandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            INamedTypeSymbol? attribute =
                start.Compilation.GetTypeByMetadataName(KnownTypeNames.GainProtocolAttribute);
            if (attribute is not null)
            {
                Register(start, attribute);
            }
        });
    }

    /// <summary>Registers what looks at the handlers; by default, a look at each one's symbol.</summary>
    private protected virtual void Register(
        CompilationStartAnalysisContext context,
        INamedTypeSymbol attribute) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (Handler.IsOne(type, attribute))
                {
                    Analyze(symbol, new Handler(type));
                }
            },
            SymbolKind.NamedType);

    /// <summary>Reports what is wrong with one handler.</summary>
    private protected virtual void Analyze(SymbolAnalysisContext context, Handler handler)
    {
    }
}
