using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>Pauses of reading, in a compilation of which no part resumes it.</summary>
internal sealed class PauseCheck(INamedTypeSymbol connection, INamedTypeSymbol handle)
{
    private readonly ConcurrentQueue<Location> _pauses = new();
    private volatile bool _isResumed;

    public void Analyze(OperationAnalysisContext context)
    {
        IMethodSymbol? method = context.Operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (method is null)
        {
            return;
        }

        bool isConnections = SymbolEqualityComparer.Default.Equals(method.ContainingType, connection);
        if (method.Name == "PauseReading" && isConnections)
        {
            _pauses.Enqueue(context.Operation.Syntax.GetLocation());
        }
        else if (method.Name is "ResumeReading" or "TryResumeReading"
            && (isConnections || SymbolEqualityComparer.Default.Equals(method.ContainingType, handle)))
        {
            _isResumed = true;
        }
    }

    public void Report(CompilationAnalysisContext context)
    {
        if (_isResumed)
        {
            return;
        }

        foreach (Location pause in _pauses)
        {
            context.ReportDiagnostic(Diagnostic.Create(LifetimeRules.NeverResumed, pause));
        }
    }
}
