using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// What the methods that one method calls do to a connection, each read once, open and closed.
/// </summary>
internal sealed class CloseSummaries(
    CallTargets targets, INamedTypeSymbol connection, CancellationToken cancellation)
{
    private readonly Dictionary<(ISymbol Parameter, bool IsClosed), CloseSummary> _summaries = [];

    public CallTargets Targets { get; } = targets;

    public INamedTypeSymbol Connection { get; } = connection;

    public CancellationToken Cancellation { get; } = cancellation;

    public bool IsConnection(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, Connection);

    /// <summary>The summary of a called method, for the connection that stands for one parameter.</summary>
    /// <param name="method">The method.</param>
    /// <param name="ordinal">The parameter's.</param>
    /// <param name="isClosed">Whether the connection is closed when the method is called.</param>
    /// <param name="around">The caller's graph, in which local functions are found.</param>
    public CloseSummary Of(IMethodSymbol method, int ordinal, bool isClosed, ControlFlowGraph? around)
    {
        Cancellation.ThrowIfCancellationRequested();
        IMethodSymbol definition = CallTargets.Definition(method);
        if (ordinal >= definition.Parameters.Length)
        {
            return CloseSummary.Nothing;
        }

        return Of(definition, definition.Parameters[ordinal], isClosed, around);
    }

    /// <summary>
    /// The summary of a called member of an extension block, for the connection that it is called on.
    /// </summary>
    public CloseSummary OfReceiver(IMethodSymbol method, bool isClosed, ControlFlowGraph around)
    {
        IMethodSymbol definition = CallTargets.Definition(method);
        IParameterSymbol? receiver = Targets.BodiesOf(definition, Cancellation)
            .SelectMany(static body => body.Descendants())
            .OfType<IParameterReferenceOperation>()
            .Select(static reference => reference.Parameter)
            .FirstOrDefault(static parameter => parameter.ContainingSymbol is INamedTypeSymbol);
        return receiver is null ? CloseSummary.Nothing : Of(definition, receiver, isClosed, around);
    }

    private CloseSummary Of(
        IMethodSymbol definition, IParameterSymbol parameter, bool isClosed, ControlFlowGraph? around)
    {
        (ISymbol, bool) key = (parameter, isClosed);
        if (_summaries.TryGetValue(key, out CloseSummary? known))
        {
            return known;
        }

        // Of one that calls itself, what else it does is found all the same.
        _summaries[key] = CloseSummary.Nothing;
        if (GraphOf(definition, around) is { } graph)
        {
            _summaries[key] =
                new CloseWalker(this, graph, parameter, isClosed).Summarize();
        }

        return _summaries[key];
    }

    /// <summary>The graph of a method of the compilation that has one body.</summary>
    public ControlFlowGraph? GraphOf(IMethodSymbol method, ControlFlowGraph? around)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            for (ControlFlowGraph? at = around; at is not null; at = at.Parent)
            {
                if (at.LocalFunctions.Contains(method, SymbolEqualityComparer.Default))
                {
                    return at.GetLocalFunctionControlFlowGraph(method, Cancellation);
                }
            }

            return null;
        }

        ImmutableArray<IOperation> bodies = Targets.BodiesOf(method, Cancellation);
        return bodies is [IMethodBodyOperation body] && method.MethodKind != MethodKind.Constructor
            ? ControlFlowGraph.Create(body, Cancellation)
            : null;
    }
}
