using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>How the framework's collections compare values.</summary>
internal static class Equality
{
    /// <summary>
    /// Whether EqualityComparer&lt;T&gt;.Default boxes values of a type: those of a struct that does not
    /// implement <c>IEquatable&lt;T&gt;</c>.
    /// </summary>
    public static bool Boxes(ITypeSymbol type, WellKnownTypes types)
    {
        if (type is
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

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
