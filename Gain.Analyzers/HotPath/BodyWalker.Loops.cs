using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Loops over collections, queries, and what suspends.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitForEachLoop(IForEachLoopOperation operation)
    {
        IOperation collection = operation.Collection;
        while (collection is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
        {
            collection = conversion.Operand;
        }

        if (operation is { Syntax: CommonForEachStatementSyntax syntax, SemanticModel: { } model })
        {
            ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
            // Of arrays and strings the compiler makes loops over an index.
            if (collection.Type is not IArrayTypeSymbol and not { SpecialType: SpecialType.System_String })
            {
                AddEnumerator(info, operation, collection.Type);
            }

            if (syntax is ForEachVariableStatementSyntax deconstruction)
            {
                AddDeconstruction(
                    model.GetDeconstructionInfo(deconstruction), null, info.ElementType,
                    operation.LoopControlVariable, operation);
            }

            if (info.ElementConversion.IsUserDefined)
            {
                AddCall(info.ElementConversion.MethodSymbol, operation);
            }
            else if (operation.LoopControlVariable is IVariableDeclaratorOperation declarator)
            {
                AddBoxing(info.ElementType, declarator.Symbol.Type, operation);
            }
        }

        Visit(collection);
        Visit(operation.LoopControlVariable);
        Visit(operation.Body);
    }

    public override void VisitTranslatedQuery(ITranslatedQueryOperation operation) =>
        Report(AllocationRules.Linq, operation, "The query expression");

    private void AddEnumerator(ForEachStatementInfo info, IOperation operation, ITypeSymbol? collection)
    {
        if (info.GetEnumeratorMethod is not { } getEnumerator)
        {
            return;
        }

        ITypeSymbol enumerator = getEnumerator.ReturnType;
        if (enumerator.IsReferenceType)
        {
            Report(
                AllocationRules.Enumerator,
                operation,
                $"The loop over {Name(collection)} creates an enumerator, a {Name(enumerator)}");
        }

        if (collection is not null && IsQuery(collection))
        {
            ReportBlocking(BlockingRules.Io, operation, $"The loop over {Name(collection)}");
        }

        // The object is reported: what else it allocates would be the same news twice.
        bool isObject = enumerator.IsReferenceType;
        bool isVirtual = getEnumerator.IsVirtual || getEnumerator.IsAbstract;
        AddCall(getEnumerator, operation, collection, isVirtual, isObject);
        AddCall(info.MoveNextMethod, operation, enumerator, isVirtual: true, isObject);
        AddCall(info.CurrentProperty?.GetMethod, operation, enumerator, isVirtual: true, isObject);
        if (info.DisposeMethod is { } dispose)
        {
            AddCall(dispose, operation, enumerator, isVirtual: true, isObject);
        }
    }

    private static bool Suspends(ImmutableArray<IOperation> roots) => Contains(
        roots,
        static operation => operation is IAwaitOperation
            or IForEachLoopOperation { IsAsynchronous: true }
            or IUsingOperation { IsAsynchronous: true }
            or IUsingDeclarationOperation { IsAsynchronous: true });

    private static bool Yields(IMethodSymbol method, ImmutableArray<IOperation> roots) =>
        method.ReturnType is INamedTypeSymbol
        {
            MetadataName: "IEnumerable`1" or "IEnumerator`1" or "IEnumerable" or "IEnumerator"
                or "IAsyncEnumerable`1" or "IAsyncEnumerator`1",
        }
        && Contains(roots, static operation =>
            operation.Kind is OperationKind.YieldReturn or OperationKind.YieldBreak);

    // Not in the functions that it declares: those suspend and yield by themselves.
    private static bool Contains(IEnumerable<IOperation> operations, Func<IOperation, bool> predicate)
    {
        foreach (IOperation operation in operations)
        {
            if (predicate(operation)
                || (operation is not IAnonymousFunctionOperation and not ILocalFunctionOperation
                    && Contains(operation.ChildOperations, predicate)))
            {
                return true;
            }
        }

        return false;
    }

    // A builder of the user's choice, such as PoolingAsyncValueTaskMethodBuilder, or that of a session.
    private bool IsPooled(IMethodSymbol method) =>
        _types.IsOfSession(method)
        || WellKnownTypes.Find(method, _types.AsyncMethodBuilder) is
        {
            ConstructorArguments: [{ Value: INamedTypeSymbol builder }],
        }
        && builder.Name.StartsWith("Pooling", StringComparison.Ordinal);
}
