using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>Which types can hold an address, in any form.</summary>
internal static class AddressTypes
{
    private const int MaxDepth = 4;

    /// <summary>
    /// Whether a value of a type can be an address, hold one, or be a reference that the compiler follows.
    /// </summary>
    public static bool CanHold(ITypeSymbol? type) => CanHold(type, 0);

    /// <summary>
    /// Whether what is found in a span or another ref struct is an address. Its numbers are positions.
    /// </summary>
    public static bool IsAddress(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } or { IsRefLikeType: true };

    /// <summary>Whether a type is a whole number as wide as an address.</summary>
    public static bool IsWide(ITypeSymbol? type) => type?.SpecialType
        is SpecialType.System_IntPtr or SpecialType.System_UIntPtr
        or SpecialType.System_Int64 or SpecialType.System_UInt64;

    private static bool CanHold(ITypeSymbol? type, int depth)
    {
        switch (type)
        {
            case null:
                return false;
            case IArrayTypeSymbol array:
                return CanHold(array.ElementType, depth);
            case { TypeKind: TypeKind.Enum }:
                return false;
            case { SpecialType: SpecialType.System_String }:
                return false;
            case { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_Double }:
                return IsWide(type);
            case { SpecialType: SpecialType.System_DateTime or SpecialType.System_Void }:
                return false;
            case INamedTypeSymbol { IsValueType: true, IsRefLikeType: false } named:
                return CanStructHold(named, depth);
            default:
                return true;
        }
    }

    private static bool CanStructHold(INamedTypeSymbol type, int depth)
    {
        if (IsWide(type))
        {
            return true;
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T || type.IsTupleType)
        {
            foreach (ITypeSymbol argument in type.TypeArguments)
            {
                if (CanHold(argument, depth + 1))
                {
                    return true;
                }
            }

            return false;
        }

        // A reference assembly may lack the fields.
        if (type.DeclaringSyntaxReferences.IsEmpty)
        {
            return !IsPlain(type);
        }

        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false } field
                && (depth >= MaxDepth || CanHold(field.Type, depth + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPlain(INamedTypeSymbol type) =>
        type is
        {
            Name: "Guid" or "TimeSpan" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "Half" or "Index"
                or "Range" or "Decimal",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        }
        || type.ContainingNamespace is { Name: "Intrinsics" or "Numerics" };
}
