using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Objects, arrays and collections.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        bool isObject = operation.Type is { IsReferenceType: true };
        if (isObject)
        {
            Report(AllocationRules.Object, operation, Name(operation.Type));
        }

        if (operation.Constructor is { } constructor
            && !(constructor.IsImplicitlyDeclared && operation.Type is { IsValueType: true }))
        {
            // The object is reported: what its constructor allocates besides would be the same news twice.
            AddCall(constructor, operation, isExempt: isObject);
        }

        base.VisitObjectCreation(operation);
    }

    public override void VisitAnonymousObjectCreation(IAnonymousObjectCreationOperation operation)
    {
        Report(AllocationRules.Object, operation, "An object of an anonymous type");
        base.VisitAnonymousObjectCreation(operation);
    }

    public override void VisitTypeParameterObjectCreation(ITypeParameterObjectCreationOperation operation)
    {
        AddCreation(operation.Type, operation);
        base.VisitTypeParameterObjectCreation(operation);
    }

    public override void VisitWith(IWithOperation operation)
    {
        if (operation.Type is { IsReferenceType: true })
        {
            Report(AllocationRules.Object, operation,
                $"The copy of {Name(operation.Type)} that 'with' makes");
        }

        base.VisitWith(operation);
    }

    public override void VisitArrayCreation(IArrayCreationOperation operation)
    {
        if (IsConstantData(operation))
        {
            return;
        }

        // Without arguments, the compiler passes the cached Array.Empty; of pointers there is none.
        if (operation is
            { IsImplicit: true, Parent: IArgumentOperation { ArgumentKind: ArgumentKind.ParamArray } })
        {
            if (operation.Initializer is { ElementValues.Length: > 0 } || IsOfPointers(operation.Type))
            {
                Report(AllocationRules.ParamsArray, operation, ParamsText(operation.Parent, operation.Type));
            }
        }
        else
        {
            Report(AllocationRules.Array, operation, Name(operation.Type));
        }

        base.VisitArrayCreation(operation);
    }

    public override void VisitArrayElementReference(IArrayElementReferenceOperation operation)
    {
        if (operation.Indices is [{ Type: { Name: "Range", ContainingNamespace.Name: "System" } }])
        {
            Report(AllocationRules.Array, operation, $"The slice of {Name(operation.ArrayReference.Type)}");
        }

        base.VisitArrayElementReference(operation);
    }

    public override void VisitCollectionExpression(ICollectionExpressionOperation operation)
    {
        bool isParams = operation.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.ParamCollection };
        if (operation.Type is { TypeKind: TypeKind.TypeParameter, IsValueType: false } made)
        {
            AddCreation(made, operation);
        }
        else if (AllocatedBy(operation) is { } rule)
        {
            string text = isParams ? ParamsText(operation.Parent!, operation.Type) : Name(operation.Type);
            Report(isParams ? AllocationRules.ParamsArray : rule, operation, text);
        }
        else if (operation.ConstructMethod is { } construct && !_types.IsSpan(operation.Type)
            && operation.Type is not { MetadataName: "ImmutableArray`1" })
        {
            AddCall(construct, operation);
        }

        bool isFilled = operation is
            {
                Type: { IsValueType: true }, ConstructMethod: null or { MethodKind: MethodKind.Constructor },
            }
            && !_types.IsSpan(operation.Type);
        foreach (IOperation element in operation.Elements)
        {
            var spread = element as ISpreadOperation;
            if (isFilled)
            {
                AddFilling(operation.Type!, spread, element);
            }

            if (spread is not null)
            {
                if (AllocatedBy(operation) is null || spread.ElementConversion.IsUserDefined)
                {
                    AddCall(spread.ElementConversion.MethodSymbol, element);
                }

                Visit(spread.Operand);
                continue;
            }

            Visit(element);
        }
    }

    // The 'new' of a type parameter, written or that of a collection expression.
    private void AddCreation(ITypeSymbol? type, IOperation operation)
    {
        if (type is { IsValueType: false })
        {
            AddSite(new Site(
                AllocationRules.Object,
                LocationOf(operation.Syntax),
                $"{Name(type)}, which may be a class,",
                unlessValue: type));
        }

        _calls.Add(new Call(
            _method, type, isVirtual: false, _throwPath is not null, LocationOf(operation.Syntax))
        {
            Creates = true,
        });
    }

    // A struct without a builder is filled by its Add, from what the enumerator of a spread gives.
    private void AddFilling(ITypeSymbol type, ISpreadOperation? spread, IOperation operation)
    {
        foreach (ISymbol member in type.GetMembers("Add"))
        {
            if (member is IMethodSymbol { IsStatic: false, Parameters: [{ } parameter] } add)
            {
                AddOwn(add, operation);
                if (spread is not null)
                {
                    AddBoxing(spread.ElementType, parameter.Type, operation);
                }
            }
        }

        if (spread is { Operand.Type: { } source }
            && source is not IArrayTypeSymbol and not { SpecialType: SpecialType.System_String }
            && FindMethod(source, "GetEnumerator") is { ReturnType: var enumerator } getEnumerator)
        {
            if (enumerator.IsReferenceType)
            {
                Report(
                    AllocationRules.Enumerator,
                    operation,
                    $"The spread of {Name(source)} creates an enumerator, a {Name(enumerator)}");
            }
            else
            {
                AddOwn(getEnumerator, operation);
                AddOwn(FindMethod(enumerator, "MoveNext"), operation);
            }
        }
    }

    // What the compiler makes for the target type of a collection expression.
    private DiagnosticDescriptor? AllocatedBy(ICollectionExpressionOperation operation)
    {
        bool isEmpty = operation.Elements.IsEmpty;
        bool hasSpread = false;
        foreach (IOperation element in operation.Elements)
        {
            hasSpread |= element is ISpreadOperation;
        }

        switch (operation.Type)
        {
            case IArrayTypeSymbol:
                return isEmpty && !IsOfPointers(operation.Type) ? null : AllocationRules.Array;
            case INamedTypeSymbol type when _types.IsSpan(type):
                // Elements lie in the frame or, when constant, in the file; of a spread the length is
                // unknown.
                return hasSpread ? AllocationRules.Array : null;
            case INamedTypeSymbol { TypeKind: TypeKind.Interface } type:
                bool isReadOnly = type.MetadataName is "IEnumerable`1" or "IReadOnlyList`1"
                    or "IReadOnlyCollection`1";
                return isEmpty && isReadOnly ? null : AllocationRules.Array;
            case { IsReferenceType: true }
                when operation.ConstructMethod is not { MethodKind: MethodKind.Ordinary }:
                return AllocationRules.Object;
            case INamedTypeSymbol { MetadataName: "ImmutableArray`1" }:
                return isEmpty ? null : AllocationRules.Array;
            // What a builder is given as a span, of a length that is not known, is collected in an array.
            case not null when operation.ConstructMethod is { MethodKind: MethodKind.Ordinary } && hasSpread:
                return AllocationRules.Array;
            default:
                return null;
        }
    }

    private static bool IsOfPointers(ITypeSymbol? type) =>
        type is IArrayTypeSymbol { ElementType.TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer };

    private static string ParamsText(IOperation argument, ITypeSymbol? type) =>
        $"The arguments of {Name((argument as IArgumentOperation)?.Parameter?.ContainingSymbol)} are "
        + $"collected in a new {Name(type)}";

    // new byte[] { 1, 2 } as a ReadOnlySpan<byte> is a reference to data of the assembly.
    private bool IsConstantData(IArrayCreationOperation operation)
    {
        bool isSpan = operation.Parent switch
        {
            IConversionOperation conversion => _types.IsReadOnlySpan(conversion.Type),
            IArgumentOperation { Parent: IObjectCreationOperation { Arguments.Length: 1 } creation } =>
                _types.IsReadOnlySpan(creation.Type),
            _ => false,
        };
        if (!isSpan
            || operation.Type is not IArrayTypeSymbol { Rank: 1, ElementType: var element }
            || !IsData(element))
        {
            return false;
        }

        // Without an initializer even an empty array is made.
        if (operation.Initializer is not { } initializer)
        {
            return false;
        }

        foreach (IOperation value in initializer.ElementValues)
        {
            if (!value.ConstantValue.HasValue)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsData(ITypeSymbol element)
    {
        SpecialType type = element is INamedTypeSymbol { EnumUnderlyingType: { } underlying }
            ? underlying.SpecialType
            : element.SpecialType;
        // An array of constant strings is made once and kept.
        return type is SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char
            or SpecialType.System_SByte
            or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64
            or SpecialType.System_UInt64 or SpecialType.System_Single or SpecialType.System_Double;
    }
}
