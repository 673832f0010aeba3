using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Conversions, and boxing by other means.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitConversion(IConversionOperation operation)
    {
        if (operation.Operand is IAnonymousFunctionOperation && IsExpressionTree(operation.Type))
        {
            Report(AllocationRules.Object, operation.Operand, "An expression tree");
            return;
        }

        if (operation.OperatorMethod is { } method)
        {
            AddOperator(method, operation.ConstrainedToType, operation);
        }
        else if (!IsTestedForNull(operation) && !IsUnboxedAtOnce(operation)
            && !(operation.IsTryCast && operation.Type is { } tried && IsNeverAValues(tried)))
        {
            AddBoxing(
                operation.Operand.Type, UnboxedTo(operation) ?? operation.Type, operation);
        }

        base.VisitConversion(operation);
    }

    public override void VisitCoalesce(ICoalesceOperation operation)
    {
        if (operation.Value.Type is INamedTypeSymbol
            {
                OriginalDefinition.SpecialType: SpecialType.System_Nullable_T,
            } nullable)
        {
            AddBoxing(nullable.TypeArguments[0], operation.Type, operation.Value);
        }

        base.VisitCoalesce(operation);
    }

    private static bool IsExpressionTree(ITypeSymbol? type) =>
        type is INamedTypeSymbol { MetadataName: "Expression`1" or "LambdaExpression" or "Expression" };

    // Of "if (t == null)" no code remains, as of every box that only a branch looks at. Where the result
    // is kept there is a box, until the method is optimized.
    private static bool IsTestedForNull(IConversionOperation operation) =>
        operation is
        {
            Parent: IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals,
            } comparison,
        }
        && (IsNull(comparison.LeftOperand) || IsNull(comparison.RightOperand))
        && IsCondition(comparison);

    // (int)(object)value in generic code: no box is made of what is taken out of it again.
    private static bool IsUnboxedAtOnce(IConversionOperation operation) =>
        operation is
        {
            Type.SpecialType: SpecialType.System_Object,
            Parent: IConversionOperation { OperatorMethod: null, Type: { } type } parent,
        }
        && (type.TypeKind == TypeKind.TypeParameter ? type.IsValueType
            : !type.IsReferenceType || (parent.IsTryCast && IsNeverAValues(type)));

    // Of (U)(object)t nothing is boxed where U is a value: it is t's type then.
    private static ITypeSymbol? UnboxedTo(IConversionOperation operation) =>
        operation is
        {
            Type.SpecialType: SpecialType.System_Object,
            Parent: IConversionOperation
            {
                OperatorMethod: null, IsTryCast: false,
                Type: { TypeKind: TypeKind.TypeParameter, IsReferenceType: false } type,
            },
        }
            ? type
            : null;

    private static bool IsCondition(IOperation operation) => operation.Parent switch
    {
        IConditionalOperation conditional => conditional.Condition == operation,
        IWhileLoopOperation loop => loop.Condition == operation,
        IForLoopOperation loop => loop.Condition == operation,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => IsCondition(not),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd
            or BinaryOperatorKind.ConditionalOr }
            logical => IsCondition(logical),
        _ => false,
    };

    private static bool IsNull(IOperation operation) =>
        operation.ConstantValue is { HasValue: true, Value: null };

    private static bool Boxes(ITypeSymbol? from, ITypeSymbol? to) =>
        from is { IsReferenceType: false, IsRefLikeType: false }
            and not { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Error
                or TypeKind.Dynamic }
        && to is { IsReferenceType: true } or { TypeKind: TypeKind.Dynamic };

    private void AddBoxing(ITypeSymbol? from, ITypeSymbol? to, IOperation operation)
    {
        if (from is { IsTupleType: true } && to is { IsTupleType: true })
        {
            AddTupleBoxing((INamedTypeSymbol)from, (INamedTypeSymbol)to, operation);
            return;
        }

        if (from is { TypeKind: TypeKind.TypeParameter, IsReferenceType: false }
            && to is { TypeKind: TypeKind.TypeParameter, IsReferenceType: false, IsValueType: false }
            && !SymbolEqualityComparer.Default.Equals(from, to))
        {
            // Of the two, one may be a value and the other an interface of its.
            AddSite(new Site(
                AllocationRules.Boxing,
                LocationOf(operation.Syntax),
                $"{Name(from)} is boxed where a reference type stands for {Name(to)}",
                unlessReference: from,
                unlessValue: to));
            return;
        }

        if (Boxes(from, to))
        {
            ITypeSymbol? parameter = from!.TypeKind == TypeKind.TypeParameter && !from.IsValueType ? from
                : null;
            Report(
                AllocationRules.Boxing,
                operation,
                $"{Name(from)} is boxed: it becomes {Name(to)}, a reference",
                parameter);
        }
    }

    private void AddTupleBoxing(INamedTypeSymbol from, INamedTypeSymbol to, IOperation operation)
    {
        // The elements of a literal are converted one by one, each by an operation of its own.
        if (operation is IConversionOperation { Operand: ITupleOperation }
            || from.TupleElements.Length != to.TupleElements.Length)
        {
            return;
        }

        for (int i = 0; i < from.TupleElements.Length; i++)
        {
            AddBoxing(from.TupleElements[i].Type, to.TupleElements[i].Type, operation);
        }
    }
}
