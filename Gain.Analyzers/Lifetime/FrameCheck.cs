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
    public void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!method.Parameters.Any(one => SymbolEqualityComparer.Default.Equals(one.Type, connection))
            || targets.BodiesOf(method, context.CancellationToken) is not [IMethodBodyOperation body])
        {
            return;
        }

        IInvocationOperation[] begins =
            [.. body.Descendants().OfType<IInvocationOperation>().Where(static call => IsBegin(call))];

        // What only begins one may be for its caller to end; a callback has none.
        if (begins.Length == 0 || !(Callbacks.IsHot(method, types) || body.Descendants().Any(Ends)))
        {
            return;
        }

        var graph = ControlFlowGraph.Create(body, context.CancellationToken);
        foreach (BasicBlock block in graph.Blocks)
        {
            IOperation[] operations = OperationsOf(block);
            int begin = System.Array.FindLastIndex(
                operations, static one => one is IInvocationOperation call && IsBegin(call));
            if (begin >= 0
                && !operations.Skip(begin + 1).Any(Ends)
                && Leaves(block, graph))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    LifetimeRules.OpenFrame, operations[begin].Syntax.GetLocation(), method.Name));
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
            is IInvocationOperation { TargetMethod.Name: "BeginFrame" };

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

    private static bool IsBegin(IInvocationOperation call) =>
        call.TargetMethod.Name == "BeginFrame"
        && call.TargetMethod.ContainingType is { TypeKind: TypeKind.Struct };

    // Its end, its dropping, or a method of the user's that is given the connection and may do either.
    private bool Ends(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: not "BeginFrame" } called } call
        && (called.Name is "EndFrame" or "CancelFrame"
            || (SymbolEqualityComparer.Default.Equals(called.ContainingType, connection)
                && called.Name is "Abort" or "Close")
            || (targets.IsOwn(called)
                && call.Arguments.Any(one =>
                    SymbolEqualityComparer.Default.Equals(one.Value.Type, connection))));
}
