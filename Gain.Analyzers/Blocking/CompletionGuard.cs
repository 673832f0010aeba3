using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Blocking;

/// <summary>
/// Results of tasks that are taken only where the task was seen to be completed: they wait for nothing.
/// </summary>
internal static class CompletionGuard
{
    /// <summary>Whether a branch around it, or a return before it, looked at the task.</summary>
    public static bool Covers(IOperation operation)
    {
        ISymbol? task = operation switch
        {
            IPropertyReferenceOperation { Property.Name: "Result", Instance: { } instance } =>
                Subject(instance),
            IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait", Instance: { } instance } =>
                Subject(instance),
            _ => null,
        };
        if (task is null)
        {
            return false;
        }

        IOperation child = operation;
        for (IOperation? at = child.Parent; at is not null; child = at, at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return false;
            }

            if (IsBehind(at, child, task))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBehind(IOperation at, IOperation child, ISymbol task) => at switch
    {
        IConditionalOperation conditional when conditional.WhenTrue == child =>
            Says(conditional.Condition, task, true),
        IConditionalOperation conditional when conditional.WhenFalse == child =>
            Says(conditional.Condition, task, false),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both
            when both.RightOperand == child => Says(both.LeftOperand, task, true),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either
            when either.RightOperand == child => Says(either.LeftOperand, task, false),
        IBlockOperation block => IsBehindReturn(block, child, task),
        _ => false,
    };

    private static bool IsBehindReturn(IBlockOperation block, IOperation child, ISymbol task)
    {
        bool isBehind = false;
        foreach (IOperation statement in block.Operations)
        {
            if (statement == child)
            {
                return isBehind;
            }

            isBehind |= statement is IConditionalOperation { WhenFalse: null } conditional
                && Leaves(conditional.WhenTrue)
                && Says(conditional.Condition, task, false);
        }

        return false;
    }

    private static bool Leaves(IOperation statement) => statement switch
    {
        IBlockOperation { Operations: [.., var last] } => Leaves(last),
        IReturnOperation or IBranchOperation or IThrowOperation => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };

    // Whether a condition that came out so says that the task is completed.
    private static bool Says(IOperation condition, ISymbol task, bool outcome) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => Says(not.Operand, task, !outcome),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when outcome =>
            Says(both.LeftOperand, task, true) || Says(both.RightOperand, task, true),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when !outcome =>
            Says(either.LeftOperand, task, false) || Says(either.RightOperand, task, false),
        IPropertyReferenceOperation
        {
            Property.Name: "IsCompletedSuccessfully" or "IsCompleted" or "IsFaulted" or "IsCanceled",
            Instance: { } instance,
        } => outcome && SymbolEqualityComparer.Default.Equals(Subject(instance), task),
        _ => false,
    };

    // What the task is read from; an awaiter is one with its task.
    private static ISymbol? Subject(IOperation operation) => operation switch
    {
        ILocalReferenceOperation { Local: var local } => local,
        IParameterReferenceOperation { Parameter: var parameter } => parameter,
        IFieldReferenceOperation { Field: var field } => field,
        IConversionOperation { Operand: var operand } => Subject(operand),
        IInvocationOperation
        {
            TargetMethod.Name: "GetAwaiter" or "ConfigureAwait" or "AsTask" or "Preserve",
            Instance: { } inner,
        } => Subject(inner),
        _ => null,
    };
}
