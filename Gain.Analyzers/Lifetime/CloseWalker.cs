using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Follows one connection along the ways through a method: on each it is open or closed, and conditions that
/// are tested more than once have come out one way or the other. What only an exception leads to is left
/// out: nobody knows where it came from.
/// </summary>
internal sealed partial class CloseWalker
{
    // A method of more ways tests too many conditions for anything to be certain.
    private const int MaxFacts = 32;
    private const int MaxSteps = 20_000;

    private readonly CloseSummaries _summaries;
    private readonly ControlFlowGraph _graph;
    private readonly ISymbol _variable;
    private readonly HashSet<string> _conditions = [];
    private readonly Dictionary<CaptureId, IOperation> _captures = [];
    private readonly Dictionary<ISymbol, IOperation?> _aliases = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<string, CloseFact>[] _states;
    private readonly Queue<BasicBlock> _queue = [];
    private readonly CloseSummary _summary = new();
    private bool _isReporting;
    private bool _returnsTrue;
    private bool _returnsFalse;
    private bool _isOpenWhenTrue;
    private bool _isOpenWhenFalse;

    public CloseWalker(CloseSummaries summaries, ControlFlowGraph graph, ISymbol variable, bool isClosed)
    {
        _summaries = summaries;
        _graph = graph;
        _variable = variable;
        _states = [.. graph.Blocks.Select(static _ => new Dictionary<string, CloseFact>())];
        Prepare();
        CloseFact first = isClosed ? CloseFact.Open.Closed("Close") : CloseFact.Open;
        Flow(graph.Blocks[0], [first]);
    }

    public CloseSummary Summarize()
    {
        int steps = 0;
        while (_queue.Count > 0)
        {
            _summaries.Cancellation.ThrowIfCancellationRequested();
            BasicBlock block = _queue.Dequeue();
            if (++steps > MaxSteps || _states[block.Ordinal].Count > MaxFacts)
            {
                return CloseSummary.Nothing;
            }

            Step(block);
        }

        _isReporting = true;
        foreach (BasicBlock block in _graph.Blocks)
        {
            if (_states[block.Ordinal].Count > 0)
            {
                Step(block);
            }
        }

        Conclude();
        return _summary;
    }

    // What is captured to be used later, what is another name of the connection, and what is asked twice.
    private void Prepare()
    {
        var counts = new Dictionary<string, int>();
        foreach (BasicBlock block in _graph.Blocks)
        {
            foreach (IOperation operation in block.Operations.SelectMany(
                static one => one.DescendantsAndSelf()))
            {
                if (operation is IFlowCaptureOperation capture)
                {
                    _captures[capture.Id] = capture.Value;
                }
                else if (operation is ISimpleAssignmentOperation assignment)
                {
                    PrepareAssignment(assignment);
                }
                else if (operation is IInvocationOperation call)
                {
                    PreparePut(call);
                }
            }

            if (block is { ConditionKind: not ControlFlowConditionKind.None, BranchValue: { } condition }
                && Test(condition) is { } test)
            {
                counts[test.Text] = counts.TryGetValue(test.Text, out int count) ? count + 1 : 1;
            }
        }

        _conditions.UnionWith(counts.Where(static one => one.Value > 1).Select(static one => one.Key));
    }

    private void PrepareAssignment(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is not ILocalReferenceOperation { Local: var local })
        {
            return;
        }

        if (_summaries.IsConnection(local.Type) || IsHandle(local.Type))
        {
            _aliases[local] = _aliases.ContainsKey(local) ? null : assignment.Value;
        }
        else if (local.Type.SpecialType == SpecialType.System_Boolean
            && assignment.Value is IInvocationOperation)
        {
            _conditions.Add(local.Name);
        }
        else
        {
            PrepareCollection(local, assignment.Value);
        }
    }

    private void Step(BasicBlock block)
    {
        IReadOnlyCollection<CloseFact> facts = [.. _states[block.Ordinal].Values];
        foreach (IOperation operation in block.Operations)
        {
            facts = Run(operation, facts);
        }

        if (block.ConditionKind == ControlFlowConditionKind.None)
        {
            facts = block.BranchValue is { } value ? Run(value, facts) : facts;
            Follow(block.FallThroughSuccessor, facts, block);
            return;
        }

        IOperation condition = block.BranchValue!;
        bool jumps = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
        facts = Run(condition, facts);
        Follow(block.ConditionalSuccessor, Where(condition, jumps, facts), block);
        Follow(block.FallThroughSuccessor, Where(condition, !jumps, facts), block);
    }

    private void Follow(ControlFlowBranch? branch, IReadOnlyCollection<CloseFact> facts, BasicBlock from)
    {
        if (branch is null || facts.Count == 0)
        {
            return;
        }

        foreach (ControlFlowRegion region in branch.FinallyRegions)
        {
            Flow(_graph.Blocks[region.FirstBlockOrdinal], facts);
        }

        if (branch.Destination is { } destination)
        {
            if (_isReporting && destination.Kind == BasicBlockKind.Exit)
            {
                bool hasValue = branch.Semantics == ControlFlowBranchSemantics.Return;
                Return(hasValue ? from.BranchValue : null, facts);
            }

            Flow(destination, facts);
        }
    }

    private void Flow(BasicBlock block, IEnumerable<CloseFact> facts)
    {
        bool isNew = false;
        foreach (CloseFact fact in facts)
        {
            if (!_states[block.Ordinal].ContainsKey(fact.Key))
            {
                _states[block.Ordinal][fact.Key] = fact;
                isNew = true;
            }
        }

        if (!isNew || _isReporting)
        {
            return;
        }

        _queue.Enqueue(block);

        // A handler is entered with what held before what it guards.
        for (ControlFlowRegion? at = block.EnclosingRegion; at is not null; at = at.EnclosingRegion)
        {
            if (at.Kind == ControlFlowRegionKind.Try && at.FirstBlockOrdinal == block.Ordinal
                && at.EnclosingRegion is { Kind: ControlFlowRegionKind.TryAndCatch } guarded)
            {
                foreach (ControlFlowRegion handler in guarded.NestedRegions.Where(one => one != at))
                {
                    Flow(_graph.Blocks[handler.FirstBlockOrdinal], facts);
                }
            }
        }
    }

    private void Return(IOperation? value, IEnumerable<CloseFact> facts)
    {
        bool isOpen = facts.Any(static fact => fact.Closer is null);
        bool? outcome = value?.ConstantValue is { HasValue: true, Value: bool known } ? known : null;
        if (outcome != false)
        {
            _returnsTrue = true;
            _isOpenWhenTrue |= isOpen;
        }

        if (outcome != true)
        {
            _returnsFalse = true;
            _isOpenWhenFalse |= isOpen;
        }
    }

    private void Conclude()
    {
        _summary.ClosesWhenTrue = _returnsTrue && !_isOpenWhenTrue;
        _summary.ClosesWhenFalse = _returnsFalse && !_isOpenWhenFalse;
    }
}
