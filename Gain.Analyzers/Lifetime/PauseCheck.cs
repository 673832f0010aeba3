using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>Pauses of reading, in a compilation of which no part resumes it.</summary>
internal sealed class PauseCheck(CallTargets targets, INamedTypeSymbol connection, INamedTypeSymbol handle)
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
            if (!IsClosedAfter(context.Operation, context.CancellationToken))
            {
                _pauses.Enqueue(context.Operation.Syntax.GetLocation());
            }
        }
        else if (method.Name is "ResumeReading" or "TryResumeReading" or "Couple" or "TryCouple"
            && (isConnections || SymbolEqualityComparer.Default.Equals(method.ContainingType, handle)))
        {
            _isResumed = true;
        }
    }

    // A connection that is closed next has nothing left to hear.
    private bool IsClosedAfter(IOperation pause, CancellationToken cancellation)
    {
        var summaries = new CloseSummaries(targets, connection, cancellation);
        for (IOperation at = pause; at.Parent is { } parent; at = parent)
        {
            if (parent is IBlockOperation block
                && block.Operations.SkipWhile(one => one != at).Skip(1).Any(next =>
                    next is IExpressionStatementOperation { Operation: IInvocationOperation call }
                    && Closes(call, summaries)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Closes(IInvocationOperation call, CloseSummaries summaries)
    {
        IMethodSymbol method = call.TargetMethod;
        ControlFlowGraph? around =
            method.MethodKind == MethodKind.LocalFunction ? GraphAround(call, summaries.Cancellation) : null;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, connection))
        {
            return method.Name is "Close" or "Abort";
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && summaries.IsConnection(argument.Value.Type)
                && targets.IsOwn(method) && !method.IsVirtual && !method.IsAbstract
                && summaries.Of(method, parameter.Ordinal, isClosed: false, around)
                    is { ClosesWhenTrue: true, ClosesWhenFalse: true })
            {
                return true;
            }
        }

        return false;
    }

    // A local function is found by the method that it is in.
    private static ControlFlowGraph? GraphAround(IOperation operation, CancellationToken cancellation)
    {
        IOperation root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root is IMethodBodyOperation body ? ControlFlowGraph.Create(body, cancellation) : null;
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
