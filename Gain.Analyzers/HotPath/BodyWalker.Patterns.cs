using System.Linq;
using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Patterns, ranges and indexes.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitDeclarationPattern(IDeclarationPatternOperation operation)
    {
        AddTypeTest(
            operation.InputType, operation.MatchedType, operation, operation.DeclaredSymbol is not null);
        base.VisitDeclarationPattern(operation);
    }

    public override void VisitConstantPattern(IConstantPatternOperation operation)
    {
        // As with "== null": a branch needs no box.
        bool isCondition = operation.Parent is ISwitchExpressionArmOperation or IPatternCaseClauseOperation
            || (operation.Parent is IIsPatternOperation test && IsCondition(test));
        if (operation.InputType is { TypeKind: TypeKind.TypeParameter, IsReferenceType: false }
            && IsNull(Unconverted(operation.Value))
            && !isCondition)
        {
            Report(
                AllocationRules.Boxing,
                operation,
                $"{Name(operation.InputType)} is boxed to be compared with null, as no branch follows",
                operation.InputType);
        }

        base.VisitConstantPattern(operation);
    }

    public override void VisitTypePattern(ITypePatternOperation operation)
    {
        AddTypeTest(operation.InputType, operation.MatchedType, operation, isRead: false);
        base.VisitTypePattern(operation);
    }

    public override void VisitRecursivePattern(IRecursivePatternOperation operation)
    {
        bool isTakenApart = !operation.DeconstructionSubpatterns.All(static part => IsDiscard(part));
        AddTypeTest(
            operation.InputType,
            operation.MatchedType,
            operation,
            operation.DeclaredSymbol is not null || isTakenApart || !operation.PropertySubpatterns.IsEmpty);

        // Of "(_, _)" no code remains.
        if (operation.DeconstructSymbol is IMethodSymbol deconstruct && isTakenApart)
        {
            AddTakingApart(deconstruct, operation.MatchedType, operation);
        }

        base.VisitRecursivePattern(operation);
    }

    public override void VisitListPattern(IListPatternOperation operation)
    {
        AddMember(operation.LengthSymbol, operation, operation.NarrowedType);
        AddMember(operation.IndexerSymbol, operation, operation.NarrowedType);
        base.VisitListPattern(operation);
    }

    public override void VisitSlicePattern(ISlicePatternOperation operation)
    {
        // ".." alone takes nothing out; with a pattern, an array or a string is copied.
        if (operation.Pattern is not null and not IDiscardPatternOperation)
        {
            AddSlice(operation.SliceSymbol, operation.InputType, operation);
        }

        base.VisitSlicePattern(operation);
    }

    public override void VisitImplicitIndexerReference(IImplicitIndexerReferenceOperation operation)
    {
        AddMember(operation.LengthSymbol, operation, operation.Instance.Type);
        AddSlice(operation.IndexerSymbol, operation.Instance.Type, operation);
        base.VisitImplicitIndexerReference(operation);
    }

    private void AddSlice(ISymbol? slice, ITypeSymbol? type, IOperation operation)
    {
        if (type is IArrayTypeSymbol)
        {
            Report(AllocationRules.Array, operation, $"The slice of {Name(type)}");
            return;
        }

        AddMember(slice, operation, type);
    }

    private void AddMember(ISymbol? member, IOperation operation, ITypeSymbol? receiver)
    {
        IMethodSymbol? method = member switch
        {
            IMethodSymbol called => called,
            IPropertySymbol property => property.GetMethod,
            _ => null,
        };
        if (method is { ContainingType.SpecialType: not SpecialType.System_Array })
        {
            AddCall(method, operation, receiver, method.IsVirtual || method.IsAbstract);
        }
    }

    // No value is of a class, but for those that all values derive from: nothing is boxed to see that.
    private static bool IsNeverAValues(ITypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, SpecialType: not (SpecialType.System_Object
            or SpecialType.System_ValueType or SpecialType.System_Enum) };

    private static bool IsDiscard(IPatternOperation pattern) =>
        pattern is IDiscardPatternOperation
            or IDeclarationPatternOperation { MatchesNull: true, DeclaredSymbol: null }
        || (pattern is IRecursivePatternOperation
            {
                DeclaredSymbol: null, PropertySubpatterns.IsEmpty: true,
            } inner
            && inner.DeconstructionSubpatterns is [_, ..] parts
            && inner.InputType.IsValueType
            && SymbolEqualityComparer.Default.Equals(inner.InputType, inner.MatchedType)
            && parts.All(static part => IsDiscard(part)));

    // A value is boxed when what it was found to be is read: kept, taken apart, or looked at by another
    // pattern. To see what it is takes no box.
    private void AddTypeTest(ITypeSymbol? from, ITypeSymbol? to, IOperation operation, bool isRead)
    {
        if (to is null || SymbolEqualityComparer.Default.Equals(from, to)
            || !(isRead || IsPartOfAnd(operation)))
        {
            return;
        }

        if (to is { IsReferenceType: true } ? !IsNeverAValues(to) : to.TypeKind == TypeKind.TypeParameter)
        {
            AddBoxing(from, to, operation);
        }
    }

    private static bool IsPartOfAnd(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is IPatternOperation; parent = parent.Parent)
        {
            if (parent is IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And })
            {
                return true;
            }
        }

        return false;
    }
}
