using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>Frames that a callback begins, and does not end on some way through it.</summary>
internal sealed class FrameCheck(CallTargets targets, WellKnownTypes types, INamedTypeSymbol connection)
{
    // A helper of a helper of a helper.
    private const int MaxDepth = 4;

    public void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!method.Parameters.Any(one => SymbolEqualityComparer.Default.Equals(one.Type, connection))
            || targets.BodiesOf(method, context.CancellationToken) is not [IMethodBodyOperation body])
        {
            return;
        }

        // Nearly all methods end here, before a graph is made.
        if (!body.Descendants().Any(one => one is IInvocationOperation call && IsBegin(call)))
        {
            return;
        }

        Analyze(
            context,
            method.Name,
            ControlFlowGraph.Create(body, context.CancellationToken),
            Callbacks.IsHot(method, types) || Own(body).Any(Ends));
    }

    private void Analyze(SymbolAnalysisContext context, string name, ControlFlowGraph graph, bool isRoot)
    {
        // What only begins one may be for its caller to end; a callback has none.
        foreach (BasicBlock block in isRoot ? graph.Blocks : [])
        {
            IOperation[] operations = OperationsOf(block);
            int begin = System.Array.FindLastIndex(
                operations, one => one is IInvocationOperation call && IsBegin(call));
            if (begin >= 0
                && !operations.Skip(begin + 1).Any(Ends)
                && Leaves(block, graph))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    LifetimeRules.OpenFrame, operations[begin].Syntax.GetLocation(), name));
            }
        }

        foreach (IMethodSymbol function in graph.LocalFunctions)
        {
            ControlFlowGraph inner =
                graph.GetLocalFunctionControlFlowGraph(function, context.CancellationToken);
            Analyze(context, function.Name, inner, inner.Blocks.SelectMany(OperationsOf).Any(Ends));
        }
    }

    // The operations of a body without those of the functions in it.
    private static IEnumerable<IOperation> Own(IOperation body)
    {
        foreach (IOperation child in body.ChildOperations)
        {
            if (child is ILocalFunctionOperation or IAnonymousFunctionOperation)
            {
                continue;
            }

            yield return child;
            foreach (IOperation inner in Own(child))
            {
                yield return inner;
            }
        }
    }

    private bool Leaves(BasicBlock from, ControlFlowGraph graph)
    {
        var seen = new HashSet<int>();
        var queue = new Queue<BasicBlock>();
        Add(from);
        while (queue.Count > 0)
        {
            BasicBlock block = queue.Dequeue();
            if (block.Kind == BasicBlockKind.Exit || BeginsFirst(block))
            {
                return true;
            }

            if (!OperationsOf(block).Any(Ends))
            {
                Add(block);
            }
        }

        return false;

        void Add(BasicBlock block)
        {
            foreach (ControlFlowBranch? branch in
                new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
            {
                // What runs in a finally on the way may end it; a throw drops it.
                if (branch is { Destination: { } next, Semantics: not ControlFlowBranchSemantics.Throw
                    and not ControlFlowBranchSemantics.Rethrow }
                    && !branch.FinallyRegions.Any(region => EndsIn(region, graph))
                    && seen.Add(next.Ordinal))
                {
                    queue.Enqueue(next);
                }
            }

            // What throws there goes on in the handlers around it.
            foreach (ControlFlowRegion handler in HandlersOf(block))
            {
                if (seen.Add(handler.FirstBlockOrdinal))
                {
                    queue.Enqueue(graph.Blocks[handler.FirstBlockOrdinal]);
                }
            }
        }
    }

    // A second frame within one that is open is a fault as well.
    private bool BeginsFirst(BasicBlock block) =>
        OperationsOf(block).FirstOrDefault(one => Ends(one)
            || (one is IInvocationOperation call && IsBegin(call)))
            is IInvocationOperation first && IsBegin(first);

    private static IEnumerable<ControlFlowRegion> HandlersOf(BasicBlock block)
    {
        for (ControlFlowRegion? at = block.EnclosingRegion; at is not null; at = at.EnclosingRegion)
        {
            if (at is { Kind: ControlFlowRegionKind.Try, EnclosingRegion:
                { Kind: ControlFlowRegionKind.TryAndCatch } all })
            {
                foreach (ControlFlowRegion handler in all.NestedRegions)
                {
                    if (handler != at)
                    {
                        yield return handler;
                    }
                }
            }
        }
    }

    private bool EndsIn(ControlFlowRegion region, ControlFlowGraph graph)
    {
        for (int i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
        {
            if (OperationsOf(graph.Blocks[i]).Any(Ends))
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation[] OperationsOf(BasicBlock block) =>
    [
        .. block.Operations.SelectMany(static one => one.DescendantsAndSelf()),
        .. block.BranchValue?.DescendantsAndSelf() ?? [],
    ];

    private bool IsBegin(IInvocationOperation call) => EffectOf(call, MaxDepth) == FrameEffect.Begins;

    private bool Ends(IOperation operation) =>
        operation is IInvocationOperation call && EffectOf(call, MaxDepth) == FrameEffect.MayEnd;

    // A method of the user's that is given the connection does what is in it; of one whose body is not
    // known, it may be the end.
    private FrameEffect EffectOf(IInvocationOperation call, int depth)
    {
        IMethodSymbol called = call.TargetMethod;
        if (called.Name == "BeginFrame" && called.ContainingType is { TypeKind: TypeKind.Struct })
        {
            return FrameEffect.Begins;
        }

        if (called.Name is "EndFrame" or "CancelFrame"
            || (SymbolEqualityComparer.Default.Equals(called.ContainingType, connection)
                && called.Name is "Abort" or "Close"))
        {
            return FrameEffect.MayEnd;
        }

        bool isGiven = SymbolEqualityComparer.Default.Equals(call.Instance?.Type, connection)
            || call.Arguments.Any(one =>
                SymbolEqualityComparer.Default.Equals(one.Value.Type, connection));
        if (!isGiven)
        {
            return FrameEffect.None;
        }

        if (!targets.IsOwn(called))
        {
            return called.MethodKind == MethodKind.DelegateInvoke ? FrameEffect.MayEnd : FrameEffect.None;
        }

        return depth == 0 || called.IsVirtual || called.IsAbstract || called.IsOverride
            || targets.BodiesOf(called, default) is not [{ } body]
                ? FrameEffect.MayEnd
                : EffectOf(body, depth);
    }

    private FrameEffect EffectOf(IOperation body, int depth)
    {
        FrameEffect[] effects =
        [
            .. Own(body).OfType<IInvocationOperation>().Select(call => EffectOf(call, depth - 1)),
        ];
        return effects.Contains(FrameEffect.MayEnd) ? FrameEffect.MayEnd
            : effects.Contains(FrameEffect.Begins) ? FrameEffect.Begins
            : FrameEffect.None;
    }
}
