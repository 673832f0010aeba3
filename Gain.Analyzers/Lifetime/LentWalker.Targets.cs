using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What an address is written to.</summary>
internal sealed partial class LentWalker
{
    // A variable of the method holds it then; what is the caller's is told to the caller; the rest outlives
    // them all.
    private void Keep(IOperation target, Cause cause)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: var local }:
                KeepIn(local, cause);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                KeepInParameter(parameter, cause, isThrough: false);
                break;
            case IInstanceReferenceOperation instance:
                KeepInThis(instance, cause);
                break;
            case IFieldReferenceOperation field:
                KeepInMember(field, field.Field, "field", cause);
                break;
            case IPropertyReferenceOperation property:
                KeepInProperty(property, cause);
                break;
            case IArrayElementReferenceOperation:
                Add(cause.ToEscape("An array keeps"));
                break;
            case IInlineArrayAccessOperation element:
                Keep(element.Instance, cause);
                break;
            case IConversionOperation { Operand: var operand }:
                Keep(operand, cause);
                break;
            case IDeclarationExpressionOperation { Expression: var expression }:
                Keep(expression, cause);
                break;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                Keep(conditional.WhenTrue, cause);
                Keep(whenFalse, cause);
                break;
            case ITupleOperation tuple:
                foreach (IOperation element in tuple.Elements)
                {
                    Keep(element, cause);
                }

                break;
            case IInvocationOperation call:
                KeepInResult(call, cause);
                break;
            case { Kind: OperationKind.None } when Pointer(target) is { } pointer:
                KeepThrough(pointer, cause);
                break;
            default:
                break;
        }
    }

    // What a reference stands for is written to: where it comes from.
    private void KeepIn(ILocalSymbol local, Cause cause)
    {
        if (!AddressTypes.CanHold(local.Type))
        {
            return;
        }

        Mark(_held, local);
        if (local.IsRef && DeclaratorOf(local) is { Initializer.Value: { } origin })
        {
            Keep(origin, cause);
        }
        else if (local.IsRef && EachOf(local) is { } collection)
        {
            KeepInSpan(collection, cause);
        }
    }

    private void KeepInParameter(IParameterSymbol parameter, Cause cause, bool isThrough)
    {
        if (!AddressTypes.CanHold(parameter.Type))
        {
            return;
        }

        Mark(_held, parameter);
        bool isCallers = isThrough || parameter.RefKind is RefKind.Ref or RefKind.Out;
        if (isCallers && !_flow.Parameters.ContainsKey(parameter.Ordinal)
            && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, _method))
        {
            string passed = isThrough ? "The memory behind" : "The variable for";
            _flow.Parameters[parameter.Ordinal] = cause.ToEscape($"{passed} '{parameter.Name}' keeps");
        }
        else if (isCallers && parameter.ContainingSymbol is IMethodSymbol
            { MethodKind: MethodKind.LocalFunction } function)
        {
            KeepInArguments(function, parameter, cause, isThrough);
        }
    }

    private void KeepInThis(IInstanceReferenceOperation instance, Cause cause)
    {
        // An object that is just being made holds what its initializer gives it: a struct, until it is kept.
        if (instance.ReferenceKind == InstanceReferenceKind.ImplicitReceiver)
        {
            if (instance.Type is { IsReferenceType: true })
            {
                Add(cause.ToEscape($"An object of {Escape.Name(instance.Type)} keeps"));
            }

            return;
        }

        if (instance.Type is INamedTypeSymbol type)
        {
            KeepInInstance(type, cause.ToEscape($"The instance of {Escape.Name(type)} keeps"));
        }
    }

    private void KeepInInstance(INamedTypeSymbol type, Escape escape)
    {
        if (type.IsReferenceType)
        {
            Add(escape);
            return;
        }

        _changed |= !_isThisHeld;
        _isThisHeld = true;
        if (!_flow.Receiver.Any(known => known.Location == escape.Location))
        {
            _flow.Receiver.Add(escape);
        }
    }

    private void KeepInMember(IMemberReferenceOperation reference, ISymbol member, string kind, Cause cause)
    {
        string keeps = $"The {kind} '{member.Name}' keeps";
        switch (reference.Instance)
        {
            case null:
                Add(cause.ToEscape(keeps));
                break;
            case IInstanceReferenceOperation
            {
                ReferenceKind: InstanceReferenceKind.ContainingTypeInstance,
                Type: INamedTypeSymbol { IsValueType: true } type,
            }:
                KeepInInstance(type, cause.ToEscape(keeps));
                break;
            case { Type.IsReferenceType: true }:
                Add(cause.ToEscape(keeps));
                break;
            case { } instance:
                Keep(instance, cause);
                break;
        }
    }

    private void KeepInProperty(IPropertyReferenceOperation reference, Cause cause)
    {
        IPropertySymbol property = reference.Property;
        if (property.ReturnsByRef && reference.Instance is { Type.IsReferenceType: false } instance)
        {
            if (IsSpan(instance.Type))
            {
                KeepInSpan(instance, cause);
            }
            else
            {
                Keep(instance, cause);
            }
        }
        else if (property.SetMethod is { } setter && _flows.Targets.IsOwn(setter) && HasBody(setter))
        {
            var source = new LentSource(setter.Parameters.Length - 1, isPlace: false);
            Use(setter, source, cause.Location, reference.Instance, []);
        }
        else
        {
            KeepInMember(reference, property, "property", cause);
        }
    }

    // A result by reference is a place in what the call was given, or of nobody knows where.
    private void KeepInResult(IInvocationOperation call, Cause cause)
    {
        IOperation[] origins =
        [
            .. call.Arguments
                .Where(static argument => argument.Parameter is { RefKind: not RefKind.None }
                    or { Type.IsRefLikeType: true })
                .Select(static argument => argument.Value),
        ];
        if (call.Instance is { Type.IsReferenceType: false } instance)
        {
            Keep(instance, cause);
        }
        else if (origins.Length == 0)
        {
            Add(cause.ToEscape($"What {Escape.Name(call.TargetMethod)} refers to keeps"));
        }

        foreach (IOperation origin in origins)
        {
            Keep(origin, cause);
        }
    }

    private void KeepThrough(IOperation pointer, Cause cause)
    {
        switch (pointer)
        {
            case ILocalReferenceOperation { Local: var local }:
                KeepThroughLocal(local, cause);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                KeepInParameter(parameter, cause, isThrough: true);
                break;
            case IInvocationOperation { TargetMethod.Name: "AsPointer", Arguments: [var place] } call
                when KnownUses.IsFramework(call.TargetMethod.ContainingType):
                Keep(place.Value, cause);
                break;
            case IConversionOperation { Operand: var operand }:
                KeepThrough(operand, cause);
                break;
            case IBinaryOperation { LeftOperand: var left }:
                KeepThrough(left, cause);
                break;
            case IAddressOfOperation { Reference: var place }:
                Keep(place, cause);
                break;
            case IFieldReferenceOperation { Instance: ILocalReferenceOperation { Local: var local } }:
                Mark(_held, local);
                break;
            default:
                Add(cause.ToEscape("Native memory keeps"));
                break;
        }
    }

    // A pointer that a variable was made with points to where that came from.
    private void KeepThroughLocal(ILocalSymbol local, Cause cause)
    {
        Mark(_held, local);
        if (DeclaratorOf(local) is { Initializer.Value: { } origin }
            && Unconverted(origin) is IAddressOfOperation
                or IInvocationOperation { TargetMethod.Name: "AsPointer", Arguments.Length: 1 })
        {
            KeepThrough(Unconverted(origin), cause);
        }
    }

    // Of *p, p[i] and the p of p->member: the pointer. Roslyn has no operations of their own for them.
    private static IOperation? Pointer(IOperation operation) =>
        operation is { Kind: OperationKind.None, Type: { } type }
        && operation.ChildOperations.FirstOrDefault() is { Type: IPointerTypeSymbol pointer } child
        && SymbolEqualityComparer.Default.Equals(pointer.PointedAtType, type)
            ? child
            : null;

    private static bool HasBody(IMethodSymbol accessor) =>
        CallTargets.Definition(accessor).DeclaringSyntaxReferences.Any(static reference =>
            reference.GetSyntax() is AccessorDeclarationSyntax { Body: not null }
                or AccessorDeclarationSyntax { ExpressionBody: not null } or ArrowExpressionClauseSyntax);

    private IVariableDeclaratorOperation? DeclaratorOf(ILocalSymbol local) =>
        _roots.SelectMany(static root => root.Descendants()).OfType<IVariableDeclaratorOperation>()
            .FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local));
}
