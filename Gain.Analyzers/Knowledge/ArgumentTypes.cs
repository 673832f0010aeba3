using System;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>Members of the framework that allocate for some type arguments and not for others.</summary>
internal static class ArgumentTypes
{
    /// <summary>The site that the type arguments make of a call, or null.</summary>
    public static Site? Judge(IMethodSymbol method, WellKnownTypes types, Location location)
    {
        if (ComparedType(method) is { } compared && Equality.Boxes(compared, types))
        {
            return new Site(
                AllocationRules.Boxing,
                location,
                $"{Name(method)} boxes {Name(compared)}: implement IEquatable<{compared.Name}>");
        }

        if (FormattedType(method) is { } formatted && !IsFormattedInPlace(formatted, types))
        {
            return new Site(
                AllocationRules.String,
                location,
                $"{Name(method)} calls {Name(formatted)}.ToString, as it is no ISpanFormattable, and that");
        }

        return null;
    }

    /// <summary>Whether a member is free whenever its type arguments are not to blame.</summary>
    public static bool IsDecidedByThem(IMethodSymbol definition) =>
        FormattedType(definition) is not null && definition.ContainingType.IsRefLikeType
        && definition.ContainingType.Name != "DefaultInterpolatedStringHandler";

    /// <summary>The type that a member compares values of, by their own equality.</summary>
    public static ITypeSymbol? ComparedType(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        if (!IsInSystem(type))
        {
            return null;
        }

        bool isSearch = method.Name is "Contains" or "IndexOf" or "LastIndexOf" or "Remove" or "SequenceEqual"
            or "ContainsValue" or "Count" or "Replace" or "IndexOfAny" or "StartsWith" or "EndsWith";
        return type.MetadataName switch
        {
            "Dictionary`2" or "HashSet`1" or "ConcurrentDictionary`2" or "EqualityComparer`1"
                or "FrozenDictionary`2" or "FrozenSet`1" or "ImmutableDictionary`2" or "ImmutableHashSet`1"
                when NeedsEquality(method) => type.TypeArguments[0],
            "List`1" or "Queue`1" or "Stack`1" or "LinkedList`1" or "ImmutableArray`1" when isSearch =>
                type.TypeArguments[0],
            "Array" or "MemoryExtensions" or "Enumerable" when isSearch && method.TypeArguments.Length > 0 =>
                method.TypeArguments[0],
            _ => null,
        };
    }

    private static bool NeedsEquality(IMethodSymbol method) =>
        method.Name is not ("get_Count" or "get_Default" or "Clear" or "GetEnumerator" or "get_Keys"
            or "get_Values" or "EnsureCapacity" or "get_Comparer" or "CopyTo" or "TrimExcess")
        && method.MethodKind != MethodKind.Constructor;

    private static ITypeSymbol? FormattedType(IMethodSymbol method) =>
        method is { Name: "AppendFormatted", TypeArguments: [var argument] }
        && method.ContainingType.Name.EndsWith("InterpolatedStringHandler", StringComparison.Ordinal)
        && IsInSystem(method.ContainingType)
            ? argument
            : null;

    private static bool IsFormattedInPlace(ITypeSymbol type, WellKnownTypes types)
    {
        if (type is
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        if (type.TypeKind is TypeKind.Enum or TypeKind.TypeParameter
            || type.SpecialType is SpecialType.System_String or SpecialType.System_Boolean)
        {
            return true;
        }

        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented, types.SpanFormattable))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInSystem(INamedTypeSymbol type)
    {
        INamespaceSymbol? space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "System" };
    }

    private static string Name(ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
