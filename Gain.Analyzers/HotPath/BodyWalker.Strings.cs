using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Strings, and the other binary operators.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitBinaryOperator(IBinaryOperation operation)
    {
        if (IsConcatenation(operation))
        {
            VisitConcatenation(operation);
            return;
        }

        if (operation.OperatorMethod is null && operation.Type is { TypeKind: TypeKind.Delegate })
        {
            Report(AllocationRules.Delegate, operation, "The combination of delegates is a new one");
        }

        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        base.VisitBinaryOperator(operation);
    }

    public override void VisitTupleBinaryOperator(ITupleBinaryOperation operation)
    {
        AddTupleOperators(operation.LeftOperand.Type, operation.RightOperand.Type, operation);
        base.VisitTupleBinaryOperator(operation);
    }

    public override void VisitCompoundAssignment(ICompoundAssignmentOperation operation)
    {
        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        if (operation.OperatorMethod is null && operation.Type is { TypeKind: TypeKind.Delegate })
        {
            Report(AllocationRules.Delegate, operation, "The combination of delegates is a new one");
        }

        AddCall(operation.InConversion.MethodSymbol, operation);
        AddCall(operation.OutConversion.MethodSymbol, operation);
        if (operation.Type is { SpecialType: SpecialType.System_String })
        {
            if (!IsNothing(operation.Value))
            {
                Report(AllocationRules.String, operation, "The concatenation");
            }

            Visit(operation.Target);
            VisitPart(operation.Value);
            return;
        }

        base.VisitCompoundAssignment(operation);
    }

    public override void VisitInterpolatedString(IInterpolatedStringOperation operation)
    {
        // Those of a handler are calls of its own.
        bool isHandled = operation.Parts is [IInterpolatedStringAppendOperation, ..]
            || operation.Parent is IInterpolatedStringHandlerCreationOperation;
        bool isKept =
            operation.Parent is IConversionOperation { Type.Name: "FormattableString" or "IFormattable" };
        if (!isHandled && (isKept || (!operation.ConstantValue.HasValue && !IsOneString(operation))))
        {
            Report(AllocationRules.String, operation, "The interpolation");
        }

        base.VisitInterpolatedString(operation);
    }

    // (a, b) == (c, d) runs the operators of the elements, which the operation does not name.
    private void AddTupleOperators(ITypeSymbol? left, ITypeSymbol? right, ITupleBinaryOperation operation)
    {
        if (left is not INamedTypeSymbol { IsTupleType: true } first
            || right is not INamedTypeSymbol { IsTupleType: true } second
            || first.TupleElements.Length != second.TupleElements.Length)
        {
            return;
        }

        string name = operation.OperatorKind == BinaryOperatorKind.Equals ? "op_Equality" : "op_Inequality";
        for (int i = 0; i < first.TupleElements.Length; i++)
        {
            ITypeSymbol element = first.TupleElements[i].Type;
            AddTupleOperators(element, second.TupleElements[i].Type, operation);
            foreach (ISymbol member in element.GetMembers(name))
            {
                AddOwn(member as IMethodSymbol, operation);
            }
        }
    }

    private static bool IsConcatenation(IOperation operation) =>
        operation is IBinaryOperation
        {
            OperatorKind: BinaryOperatorKind.Add,
            OperatorMethod: null,
            Type.SpecialType: SpecialType.System_String,
        };

    // One report for a + b + c, which is one call of string.Concat.
    private void VisitConcatenation(IBinaryOperation operation)
    {
        if (IsConstantText(operation))
        {
            return;
        }

        if (SinglePart(operation) is not { } part)
        {
            Report(AllocationRules.String, operation, "The concatenation");
        }
        else if (part.Type is { SpecialType: not SpecialType.System_String } type)
        {
            AddCall(ToStringOf(type, operation), operation, type, isVirtual: true);
        }

        VisitPart(operation.LeftOperand);
        VisitPart(operation.RightOperand);
    }

    // The compiler puts constants together, characters too.
    private static bool IsConstantText(IOperation operation) =>
        operation.ConstantValue.HasValue
            ? operation.ConstantValue.Value is null or string or char
            : WithoutImplicit(operation) is var inner
                && (inner == operation ? operation is IBinaryOperation binary && IsConcatenation(binary)
                        && IsConstantText(binary.LeftOperand) && IsConstantText(binary.RightOperand)
                    : IsConstantText(inner));

    // Of s + "" the compiler makes s ?? "", and of a value its ToString(): the one part that is not empty.
    private static IOperation? SinglePart(IOperation operation) =>
        !IsConcatenation(operation) ? WithoutImplicit(operation)
            : operation is IBinaryOperation binary && IsNothing(binary.LeftOperand)
                ? SinglePart(binary.RightOperand)
            : operation is IBinaryOperation { RightOperand: var right } other && IsNothing(right)
                ? SinglePart(other.LeftOperand)
            : null;

    private static IMethodSymbol? ToStringOf(ITypeSymbol type, IOperation operation)
    {
        ITypeSymbol? declaring = type.TypeKind is TypeKind.TypeParameter or TypeKind.Interface
            ? operation.SemanticModel?.Compilation.GetSpecialType(SpecialType.System_Object)
            : type;
        for (; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (ISymbol member in declaring.GetMembers("ToString"))
            {
                if (member is IMethodSymbol { Parameters.IsEmpty: true, IsStatic: false } method)
                {
                    return method;
                }
            }
        }

        return null;
    }

    private static bool IsNothing(IOperation operation) =>
        operation.ConstantValue is { HasValue: true, Value: null or "" };

    // A value is not boxed for a concatenation: the compiler calls its ToString.
    private void VisitPart(IOperation part)
    {
        IOperation inner = part is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion
            ? conversion.Operand
            : part;
        switch (inner)
        {
            case IBinaryOperation binary when IsConcatenation(binary):
                if (!binary.ConstantValue.HasValue)
                {
                    VisitPart(binary.LeftOperand);
                    VisitPart(binary.RightOperand);
                }

                break;
            case IInterpolatedStringOperation interpolated:
                base.VisitInterpolatedString(interpolated);
                break;
            default:
                Visit(inner);
                break;
        }
    }

    // $"{s}" is s.
    private static bool IsOneString(IInterpolatedStringOperation operation) =>
        operation.Parts is
        [
            IInterpolationOperation
            {
                Expression.Type.SpecialType: SpecialType.System_String, Alignment: null, FormatString: null,
            },
        ];
}
