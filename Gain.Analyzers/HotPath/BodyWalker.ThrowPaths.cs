using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>What lies on a path that ends in a throw is exempt: it is not the hot one.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitThrow(IThrowOperation operation) => VisitThrowPath(operation);

    public override void VisitBlock(IBlockOperation operation)
    {
        if (AlwaysThrows(operation.Operations))
        {
            VisitThrowPath(operation);
            return;
        }

        base.VisitBlock(operation);
    }

    public override void VisitSwitchCase(ISwitchCaseOperation operation)
    {
        foreach (ICaseClauseOperation clause in operation.Clauses)
        {
            Visit(clause);
        }

        bool throws = AlwaysThrows(operation.Body);
        foreach (IOperation statement in operation.Body)
        {
            if (throws)
            {
                VisitThrowPath(statement);
            }
            else
            {
                Visit(statement);
            }
        }
    }

    // A handler runs because something was thrown.
    public override void VisitCatchClause(ICatchClauseOperation operation) => VisitThrowPath(operation);

    public override void VisitConditional(IConditionalOperation operation)
    {
        // The compiler drops the branch that a constant excludes.
        if (operation.Condition.ConstantValue is { HasValue: true, Value: bool taken })
        {
            Visit(taken ? operation.WhenTrue : operation.WhenFalse);
            return;
        }

        if (IsLogGuard(operation.Condition))
        {
            Visit(operation.Condition);
            VisitThrowPath(operation.WhenTrue);
            Visit(operation.WhenFalse);
            return;
        }

        base.VisitConditional(operation);
    }

    // What is logged, traced or counted only where somebody listens costs nothing while nobody does.
    private static bool IsLogGuard(IOperation condition) => condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both =>
            IsLogGuard(both.LeftOperand) || IsLogGuard(both.RightOperand),
        IInvocationOperation { TargetMethod: { Name: "IsEnabled" or "HasListeners" } method } =>
            IsListenedTo(method.ContainingType),
        IPropertyReferenceOperation { Property: { Name: "Enabled" } property } =>
            IsListenedTo(property.ContainingType),
        _ => false,
    };

    private static bool IsListenedTo(INamedTypeSymbol type) =>
        Namespaces.Of(type) is "Microsoft.Extensions.Logging" or "System.Diagnostics"
            or "System.Diagnostics.Tracing" or "System.Diagnostics.Metrics" or "Serilog" or "NLog";

    private void VisitThrowPath(IOperation operation)
    {
        IOperation? outer = _throwPath;
        _throwPath ??= operation;
        DefaultVisit(operation);
        _throwPath = outer;
    }

    // Straight-line statements, the last of which throws.
    private bool AlwaysThrows(ImmutableArray<IOperation> statements)
    {
        if (statements.IsEmpty || !IsThrow(statements[statements.Length - 1]))
        {
            return false;
        }

        foreach (IOperation statement in statements)
        {
            if (Leaves(statement, statement))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsThrow(IOperation statement) => statement switch
    {
        IThrowOperation => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        IExpressionStatementOperation { Operation: IInvocationOperation call } => NeverReturns(call),
        IReturnOperation { ReturnedValue: { } value } => Unconverted(value) is IThrowOperation,
        _ => false,
    };

    private bool NeverReturns(IInvocationOperation call) =>
        WellKnownTypes.Find(call.TargetMethod.OriginalDefinition, _types.DoesNotReturn) is not null;

    // What goes no further than to the end of a loop or a switch in the statement itself does not leave it.
    private static bool Leaves(IOperation operation, IOperation statement)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
        {
            return false;
        }

        if (operation is IBranchOperation branch && branch.GetCorrespondingOperation() is { } left
            && statement.Syntax.Span.Contains(left.Syntax.Span))
        {
            return false;
        }

        if (operation is IBranchOperation or ILabeledOperation
            || (operation is IReturnOperation { ReturnedValue: var value }
                && (value is null || Unconverted(value) is not IThrowOperation)))
        {
            return true;
        }

        foreach (IOperation child in operation.ChildOperations)
        {
            if (Leaves(child, statement))
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation Unconverted(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }
}
