using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>What is taken apart, with the conversions that no operation of their own stands for.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation operation)
    {
        if (operation.Syntax is AssignmentExpressionSyntax syntax && operation.SemanticModel is { } model)
        {
            AddDeconstruction(
                model.GetDeconstructionInfo(syntax), operation.Value, operation.Value.Type, operation.Target,
                operation);
        }

        base.VisitDeconstructionAssignment(operation);
    }

    private void AddDeconstruction(
        DeconstructionInfo info,
        IOperation? value,
        ITypeSymbol? type,
        IOperation target,
        IOperation operation)
    {
        target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        IOperation? literal = value is null ? null : WithoutImplicit(value);
        if (info.Nested.IsEmpty)
        {
            AddElement(info.Conversion, literal, type, target, operation);
            return;
        }

        AddTakingApart(info.Method, type, operation);
        var tuple = literal as ITupleOperation;
        var targets = target as ITupleOperation;
        for (int i = 0; i < info.Nested.Length && targets is not null && i < targets.Elements.Length; i++)
        {
            IOperation? element =
                info.Method is null && tuple?.Elements.Length > i ? tuple.Elements[i] : null;
            AddDeconstruction(
                info.Nested[i],
                element,
                PartOf(info.Method, element, type, i),
                targets.Elements[i],
                operation);
        }
    }

    // The elements of a literal may be converted by an operation of their own, which is visited.
    private void AddElement(
        Conversion? conversion,
        IOperation? literal,
        ITypeSymbol? type,
        IOperation target,
        IOperation operation)
    {
        if (conversion is { IsUserDefined: true, MethodSymbol: { } method })
        {
            AddCall(method, operation);
        }
        else if (target is not IDiscardOperation
            && literal?.Parent is not IConversionOperation { IsImplicit: true })
        {
            AddBoxing(literal?.Type ?? type, target.Type, operation);
        }
    }

    // An extension of an interface boxes the struct that it takes apart.
    private void AddTakingApart(IMethodSymbol? method, ITypeSymbol? type, IOperation operation)
    {
        if (method is null)
        {
            return;
        }

        if (method.IsExtensionMethod || method.ReducedFrom is not null)
        {
            IMethodSymbol extension = method.ReducedFrom ?? method;
            AddBoxing(type, extension.Parameters[0].Type, operation);
            AddCall(method, operation);
            return;
        }

        AddCall(method, operation, type, method.IsVirtual || method.IsAbstract);
    }

    private static ITypeSymbol? PartOf(
        IMethodSymbol? method, IOperation? element, ITypeSymbol? type, int index)
    {
        if (method is not null)
        {
            int first = method is { IsExtensionMethod: true, ReducedFrom: null } ? 1 : 0;
            return method.Parameters.Length > first + index ? method.Parameters[first + index].Type : null;
        }

        return element?.Type
            ?? (type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Length > index
                ? tuple.TupleElements[index].Type
                : null);
    }

    private static IOperation WithoutImplicit(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }
}
