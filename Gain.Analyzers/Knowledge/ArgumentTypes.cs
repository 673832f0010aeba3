using System;
using System.Collections.Immutable;
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
        foreach (ITypeSymbol compared in ComparedTypes(method))
        {
            if (Equality.BoxedBy(compared, types) is { } boxed)
            {
                return new Site(
                    AllocationRules.Boxing,
                    location,
                    $"{Name(method)} boxes {Name(boxed)}: implement IEquatable<{boxed.Name}>");
            }
        }

        if (method.Name == "Sort" && OrderedType(method) is { TypeKind: not TypeKind.TypeParameter } ordered
            && !TakesOrder(method) && !Implements(ordered, types.Comparable?.Construct(ordered)))
        {
            // The sort of what has no order of its own goes by a delegate.
            return new Site(AllocationRules.KnownApi, location, Name(method));
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

    /// <summary>The types that a member compares values of, by their own equality.</summary>
    public static ImmutableArray<ITypeSymbol> ComparedTypes(IMethodSymbol method) =>
        method.ContainingType is { MetadataName: "HashCode" } type && IsInSystem(type)
            ? method.TypeArguments
            : ComparedType(method) is { } compared ? [compared] : [];

    private static ITypeSymbol? ComparedType(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        if (!IsInSystem(type))
        {
            return null;
        }

        bool isSearch = method.Name is "Contains" or "IndexOf" or "LastIndexOf" or "Remove" or "SequenceEqual"
            or "ContainsValue" or "Count" or "CountAny" or "Replace" or "ReplaceAny" or "StartsWith"
            or "EndsWith" or "CommonPrefixLength" or "Split" or "SplitAny"
            || method.Name.StartsWith("IndexOfAny", StringComparison.Ordinal)
            || method.Name.StartsWith("LastIndexOfAny", StringComparison.Ordinal)
            || method.Name.StartsWith("ContainsAny", StringComparison.Ordinal)
            || method.Name is "Trim" or "TrimStart" or "TrimEnd";
        return type.MetadataName switch
        {
            "Dictionary`2" or "HashSet`1" or "ConcurrentDictionary`2" or "EqualityComparer`1"
                or "FrozenDictionary`2" or "FrozenSet`1" or "ImmutableDictionary`2" or "ImmutableHashSet`1"
                or "OrderedDictionary`2" or "ConditionalWeakTable`2"
                when NeedsEquality(method) => type.TypeArguments[0],
            "List`1" or "Queue`1" or "Stack`1" or "LinkedList`1" or "ImmutableArray`1" or "ImmutableList`1"
                or "PriorityQueue`2" when isSearch => type.TypeArguments[0],
            "ValueTask`1" when method.Name is "Equals" or "GetHashCode" => type.TypeArguments[0],
            "Nullable" when method.Name == "Equals" => method.TypeArguments[0],
            "Nullable`1" when Overrides(type.TypeArguments[0], method) => null,
            _ when Equality.IsTransparent(type) && method.Name is "Equals" or "GetHashCode" => type,
            "Array" or "MemoryExtensions" or "Enumerable" when isSearch && method.TypeArguments.Length > 0 =>
                method.TypeArguments[0],
            _ => null,
        };
    }

    // A nullable value calls the member of its value, and passes on the object that it is given.
    private static bool Overrides(ITypeSymbol type, IMethodSymbol method)
    {
        foreach (ISymbol member in type.GetMembers(method.Name))
        {
            if (member is IMethodSymbol { IsOverride: true } found
                && found.Parameters.Length == method.Parameters.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The type whose order a member looks at.</summary>
    public static ITypeSymbol? OrderedType(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        if (!IsInSystem(type))
        {
            return null;
        }

        bool isSort = method.Name is "Sort" or "BinarySearch" or "Order" or "Min" or "Max";
        return type.MetadataName switch
        {
            "Array" or "MemoryExtensions" when isSort && method.TypeArguments.Length > 0 =>
                method.TypeArguments[0],
            "List`1" or "Comparer`1" when isSort || method.Name == "Compare" => type.TypeArguments[0],
            "SortedDictionary`2" or "SortedSet`1" or "SortedList`2" when NeedsEquality(method) =>
                type.TypeArguments[0],
            "PriorityQueue`2" when NeedsEquality(method) => type.TypeArguments[1],
            _ => null,
        };
    }

    // By a delegate that somebody has made; one of a comparer is made in the call.
    private static bool TakesOrder(IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.Type.Name == "Comparison")
            {
                return true;
            }
        }

        return false;
    }

    private static bool NeedsEquality(IMethodSymbol method) =>
        method.Name is not ("get_Count" or "get_Default" or "Clear" or "GetEnumerator" or "get_Keys"
            or "get_Values" or "EnsureCapacity" or "get_Comparer" or "CopyTo" or "TrimExcess")
        && method.MethodKind != MethodKind.Constructor;

    /// <summary>The type of a value that an interpolation handler formats.</summary>
    public static ITypeSymbol? FormattedType(IMethodSymbol method) =>
        method is { Name: "AppendFormatted", TypeArguments: [var argument] }
        && method.ContainingType.Name.EndsWith("InterpolatedStringHandler", StringComparison.Ordinal)
        && IsInSystem(method.ContainingType)
            ? argument
            : null;

    private static bool IsFormattedInPlace(ITypeSymbol formatted, WellKnownTypes types)
    {
        ITypeSymbol type = Equality.Unwrapped(formatted);
        if (type.TypeKind == TypeKind.Enum && !SymbolEqualityComparer.Default.Equals(type, formatted))
        {
            return false;
        }

        if (type.TypeKind is TypeKind.Enum or TypeKind.TypeParameter
            || type.SpecialType is SpecialType.System_String or SpecialType.System_Boolean)
        {
            return true;
        }

        return Implements(type, types.SpanFormattable);
    }

    private static bool Implements(ITypeSymbol type, INamedTypeSymbol? contract)
    {
        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented, contract))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a type is in the namespace System or one below it.</summary>
    public static bool IsInSystem(INamedTypeSymbol type)
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
