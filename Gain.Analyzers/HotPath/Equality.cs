using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>How the framework's collections compare values.</summary>
internal static class Equality
{
    /// <summary>
    /// The type whose values EqualityComparer&lt;T&gt;.Default boxes when it compares those of a type: that
    /// of a struct which does not implement <c>IEquatable&lt;T&gt;</c>, here or within a tuple; or null.
    /// </summary>
    public static ITypeSymbol? BoxedBy(ITypeSymbol type, WellKnownTypes types)
    {
        type = Unwrapped(type);
        if (IsTransparent(type))
        {
            foreach (ITypeSymbol argument in ((INamedTypeSymbol)type).TypeArguments)
            {
                if (BoxedBy(argument, types) is { } boxed)
                {
                    return boxed;
                }
            }

            return null;
        }

        return IsUnequatable(type, types) ? type : null;
    }

    /// <summary>Whether a type's equality is that of its type arguments.</summary>
    public static bool IsTransparent(ITypeSymbol type) =>
        type is INamedTypeSymbol
        {
            Arity: > 0, Name: "ValueTuple" or "Nullable" or "Tuple",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };

    /// <summary>Of a nullable type, the type of its value.</summary>
    public static ITypeSymbol Unwrapped(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;

    private static bool IsUnequatable(ITypeSymbol type, WellKnownTypes types)
    {
        if (type is not { IsValueType: true, TypeKind: TypeKind.Struct } || types.Equatable is null)
        {
            return false;
        }

        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, types.Equatable)
                && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type))
            {
                return false;
            }
        }

        return true;
    }
}
