using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <remarks>
/// What goes to the connection by its own handle: the worker takes it from its mailbox after the callback,
/// and by then the connection is closed.
/// </remarks>
internal sealed partial class CloseWalker
{
    // Of a collection in a variable of the method: what is put into it there.
    private readonly Dictionary<ISymbol, List<IOperation>> _puts = new(SymbolEqualityComparer.Default);

    private bool IsHandle(ITypeSymbol? type) =>
        type is { Name: "ConnectionHandle" }
        && SymbolEqualityComparer.Default.Equals(
            type.ContainingAssembly, _summaries.Connection.ContainingAssembly);

    private bool IsPost(IInvocationOperation call) =>
        call.TargetMethod.Name == "TrySend" && IsHandle(call.TargetMethod.ContainingType)
        && IsOwnHandle(call.Instance);

    private void PrepareCollection(ILocalSymbol local, IOperation value)
    {
        while (value is IConversionOperation { Operand: var operand })
        {
            value = operand;
        }

        IEnumerable<IOperation>? elements = value switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            IObjectCreationOperation { Arguments.IsEmpty: true } => [],
            _ => null,
        };
        if (elements is not null)
        {
            Put(local, elements);
        }
    }

    private void PreparePut(IInvocationOperation call)
    {
        if (call is { TargetMethod.Name: "Add" or "Enqueue" or "Push", Arguments: [var put] }
            && IsHandle(put.Value.Type)
            && Bared(call.Instance) is ILocalReferenceOperation { Local: var local })
        {
            Put(local, [put.Value]);
        }
    }

    private void Put(ILocalSymbol local, IEnumerable<IOperation> values)
    {
        if (!_puts.TryGetValue(local, out List<IOperation>? puts))
        {
            _puts[local] = puts = [];
        }

        puts.AddRange(values);
    }

    // Whether an expression is certainly the handle of the connection.
    private bool IsOwnHandle(IOperation? operation, int depth = 0) => depth < 8 && Bared(operation) switch
    {
        IPropertyReferenceOperation { Property.Name: "Handle" } property => IsVariable(property.Instance),
        ILocalReferenceOperation { Local: var local } =>
            _aliases.TryGetValue(local, out IOperation? value) && IsOwnHandle(value, depth + 1),
        IPropertyReferenceOperation { Property.IsIndexer: true } element =>
            HoldsOwn(element.Instance, depth),
        IArrayElementReferenceOperation element => HoldsOwn(element.ArrayReference, depth),
        IPropertyReferenceOperation { Property.Name: "Current" } current =>
            Bared(current.Instance) is IInvocationOperation { TargetMethod.Name: "GetEnumerator" } each
            && HoldsOwn(each.Instance, depth),
        IInvocationOperation { TargetMethod.Name: "Dequeue" or "Pop" or "Peek" } taken =>
            HoldsOwn(taken.Instance, depth),
        _ => false,
    };

    // Whether a collection has nothing else in it.
    private bool HoldsOwn(IOperation? collection, int depth) =>
        Bared(collection) is ILocalReferenceOperation { Local: var local }
        && _puts.TryGetValue(local, out List<IOperation>? puts) && puts.Count > 0
        && puts.All(put => IsOwnHandle(put, depth + 1));

    private IOperation? Bared(IOperation? operation)
    {
        for (int i = 0; i < 8; i++)
        {
            switch (operation)
            {
                case IConversionOperation { Operand: var operand }:
                    operation = operand;
                    break;
                case IFlowCaptureReferenceOperation { Id: var id }
                    when _captures.TryGetValue(id, out IOperation? captured):
                    operation = captured;
                    break;
                default:
                    return operation;
            }
        }

        return operation;
    }
}
