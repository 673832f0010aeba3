using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What an expression is: an address of lent memory, a place in it, or something else.</summary>
internal sealed partial class LentWalker
{
    // What lies below it, such as the alignment of an address, is no address.
    private const long LeastAddress = 4096;

    // Whether the value is such an address, or holds one, or is a span over the memory.
    private bool Holds(IOperation? operation)
    {
        if (operation is null || (operation.Type is { } type && !AddressTypes.CanHold(type)))
        {
            return false;
        }

        switch (operation)
        {
            case ILocalReferenceOperation { Local: var local }:
                return _held.Contains(local);
            case IParameterReferenceOperation { Parameter: var parameter }:
                return _held.Contains(parameter)
                    || (_isThisHeld && parameter.ContainingSymbol is ITypeSymbol);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return _isThisHeld;
            case IConversionOperation { OperatorMethod: { } method } conversion
                when _flows.Targets.IsOwn(method):
                return Holds(conversion.Operand)
                    && _flows.Of(method, new LentSource(0, isPlace: false)).Returns;
            case IConversionOperation { Operand: var operand }:
                return Holds(operand);
            case IAddressOfOperation { Reference: var place }:
                return IsPlace(place) || Holds(place);
            case IFieldReferenceOperation { Instance: { } instance }:
                return HoldsMember(instance, operation.Type);
            case IPropertyReferenceOperation property:
                return HoldsProperty(property);
            case IImplicitIndexerReferenceOperation { Instance: var instance }:
                return HoldsMember(instance, operation.Type);
            case IInvocationOperation call:
                return HoldsResult(call);
            case IObjectCreationOperation creation:
                return HoldsNew(creation);
            case IBinaryOperation binary:
                return HoldsSum(binary);
            case IArrayElementReferenceOperation:
                return false;
            default:
                return HoldsPart(operation);
        }
    }

    // Expressions that are one of their parts, or consist of them.
    private bool HoldsPart(IOperation operation) => operation switch
    {
        IConditionalOperation choice => Holds(choice.WhenTrue) || Holds(choice.WhenFalse),
        ICoalesceOperation choice => Holds(choice.Value) || Holds(choice.WhenNull),
        ISwitchExpressionOperation choice => choice.Arms.Any(arm => Holds(arm.Value)),
        IAssignmentOperation assignment => Holds(assignment.Value),
        IIncrementOrDecrementOperation step => Holds(step.Target),
        ITupleOperation tuple => tuple.Elements.Any(Holds),
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.Any(Holds),
        ICollectionExpressionOperation collection => collection.Elements.Any(Holds),
        ISpreadOperation spread => Holds(spread.Operand),
        IAnonymousObjectCreationOperation creation => creation.Initializers.Any(Holds),
        IWithOperation copy => Holds(copy.Operand) || copy.Initializer.Initializers.Any(Holds),
        IInlineArrayAccessOperation access => Holds(access.Instance),
        IDeclarationExpressionOperation declaration => Holds(declaration.Expression),
        IConditionalAccessOperation access => Holds(access.WhenNotNull),
        IConditionalAccessInstanceOperation => Holds(Accessed(operation)),
        IDelegateCreationOperation creation => Holds(creation.Target),
        IAnonymousFunctionOperation function => Captured(function) is not null,
        IMethodReferenceOperation reference => Holds(reference.Instance)
            || (FunctionOf(reference.Method) is { } function && Captured(function) is not null),

        // Of 'fixed', the address; what a pointer points to is what lies in the memory.
        { Kind: OperationKind.None } => Pointer(operation) is null
            && operation.Syntax is not StackAllocArrayCreationExpressionSyntax
            && operation.ChildOperations.Any(child => Holds(child) || IsPlace(child)),
        _ => false,
    };

    // Whether the operation, by reference, is a place in the memory.
    private bool IsPlace(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation { Local: var local } => _places.Contains(local),
        IParameterReferenceOperation { Parameter: var parameter } => _places.Contains(parameter),
        IInstanceReferenceOperation => _source is { Ordinal: LentSource.Receiver, IsPlace: true },
        IPropertyReferenceOperation { Property.RefKind: not RefKind.None } at =>
            Holds(at.Instance) || IsPlace(at.Instance),
        IImplicitIndexerReferenceOperation { Instance: var instance } =>
            Holds(instance) && !AddressTypes.IsAddress(operation.Type),
        IInvocationOperation { TargetMethod.RefKind: not RefKind.None } call =>
            HoldsResult(call),
        IFieldReferenceOperation { Field.RefKind: not RefKind.None } field => Holds(field.Instance),
        IFieldReferenceOperation { Instance: { } instance } => IsPlace(instance),
        IInlineArrayAccessOperation { Instance: var instance } => IsPlace(instance),
        IConditionalOperation choice => IsPlace(choice.WhenTrue) || IsPlace(choice.WhenFalse),
        ISimpleAssignmentOperation { IsRef: true } assignment => IsPlace(assignment.Value),
        IConversionOperation { OperatorMethod: null, Operand: var operand } => IsPlace(operand),
        { Kind: OperationKind.None } => Holds(Pointer(operation)),
        _ => false,
    };

    // The numbers in a ref struct over the memory are positions; in another struct they may be addresses.
    private bool HoldsMember(IOperation instance, ITypeSymbol? type) =>
        instance.Type is { IsReferenceType: false }
        && Holds(instance)
        && (instance.Type is not { IsRefLikeType: true } || AddressTypes.IsAddress(type));

    private bool HoldsProperty(IPropertyReferenceOperation reference)
    {
        if (_source.Syntax == reference.Syntax)
        {
            return true;
        }

        IPropertySymbol property = reference.Property;
        if (property.ReturnsByRef || property.ReturnsByRefReadonly || reference.Instance is not { } instance)
        {
            return false;
        }

        return property.GetMethod is { } getter && _flows.Targets.IsOwn(getter) && HasBody(getter)
            ? SourceOf(instance, isByReference: false, LentSource.Receiver) is { } source
                && _flows.Of(getter, source).Returns
            : HoldsMember(instance, property.Type);
    }

    // The distance between two addresses is none.
    private bool HoldsSum(IBinaryOperation binary)
    {
        bool left = Holds(binary.LeftOperand);
        bool right = Holds(binary.RightOperand);
        return binary.OperatorKind switch
        {
            BinaryOperatorKind.Add or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr =>
                left || right,
            BinaryOperatorKind.Subtract => left && !right,
            BinaryOperatorKind.And => (left || right)
                && !IsSmall(binary.LeftOperand) && !IsSmall(binary.RightOperand),
            _ => false,
        };
    }

    private static bool IsSmall(IOperation operand) => Unconverted(operand).ConstantValue is
    {
        HasValue: true,
        Value: int and >= 0 and < (int)LeastAddress
            or uint and < (uint)LeastAddress
            or long and >= 0 and < LeastAddress
            or ulong and < (ulong)LeastAddress,
    };

    // The first variable of around it that a function captures, and that holds an address.
    private IOperation? Captured(IOperation function)
    {
        foreach (IOperation operation in function.Descendants())
        {
            bool isHeld = operation switch
            {
                ILocalReferenceOperation { Local: var local } =>
                    _held.Contains(local) && !IsDeclaredIn(local, function),
                IParameterReferenceOperation { Parameter: var parameter } =>
                    _held.Contains(parameter) && !IsDeclaredIn(parameter, function),
                _ => false,
            };
            if (isHeld)
            {
                return operation;
            }
        }

        return null;
    }

    private static bool IsDeclaredIn(ISymbol variable, IOperation function) =>
        variable.DeclaringSyntaxReferences.Any(reference =>
            reference.SyntaxTree == function.Syntax.SyntaxTree
            && function.Syntax.Span.Contains(reference.Span));

    private ILocalFunctionOperation? FunctionOf(IMethodSymbol method) =>
        method.MethodKind == MethodKind.LocalFunction
            ? _roots.SelectMany(static root => root.Descendants()).OfType<ILocalFunctionOperation>()
                .FirstOrDefault(one =>
                    SymbolEqualityComparer.Default.Equals(one.Symbol, method.OriginalDefinition))
            : null;

    private static IOperation? Accessed(IOperation instance)
    {
        IOperation? at = instance.Parent;
        while (at is not null and not IConditionalAccessOperation)
        {
            at = at.Parent;
        }

        return (at as IConditionalAccessOperation)?.Operation;
    }

    private static IOperation Unconverted(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { Operand: var operand }:
                    operation = operand;
                    break;
                case IDelegateCreationOperation { Target: var target }:
                    operation = target;
                    break;
                default:
                    return operation;
            }
        }
    }

    // The address itself, without casts; of a function, the variable that it takes along.
    private Location LocationOf(IOperation value)
    {
        IOperation inner = Unconverted(value);
        return (inner is IAnonymousFunctionOperation && Captured(inner) is { } captured ? captured : inner)
            .Syntax.GetLocation();
    }
}
