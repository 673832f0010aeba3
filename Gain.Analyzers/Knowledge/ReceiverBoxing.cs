using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// Calls on a value of a method that its type inherits from a reference type: the value is boxed first.
/// </summary>
internal static class ReceiverBoxing
{
    public static Site? Judge(IMethodSymbol method, ITypeSymbol? receiver, Location location)
    {
        if (receiver is null || method.IsStatic || method.MethodKind == MethodKind.Constructor)
        {
            return null;
        }

        if (receiver is { TypeKind: TypeKind.TypeParameter, IsReferenceType: false })
        {
            return JudgeParameter(method, receiver, location);
        }

        // A nullable value passes the call on.
        if (Equality.Unwrapped(receiver) is { TypeKind: TypeKind.TypeParameter } value
            && method is { IsOverride: true, ContainingType.OriginalDefinition.SpecialType:
                SpecialType.System_Nullable_T })
        {
            return new Site(
                AllocationRules.Unverified, location, $"{method.Name} of whatever stands for {value.Name}");
        }

        // The types that a value type has methods of; a type with an extension's method is not one of them.
        if (receiver is not { IsValueType: true }
            || method.ContainingType is not
            {
                SpecialType: SpecialType.System_Object or SpecialType.System_ValueType
                    or SpecialType.System_Enum,
            }
            and not { TypeKind: TypeKind.Interface })
        {
            return null;
        }

        if (IsFree(method, receiver))
        {
            return null;
        }

        return new Site(
            AllocationRules.Boxing,
            location,
            $"{Name(receiver)} is boxed to call {Name(method)}, which it does not override");
    }

    /// <summary>Whether the runtime computes the result of the value itself.</summary>
    public static bool IsFree(IMethodSymbol method, ITypeSymbol? receiver) =>
        receiver is { TypeKind: TypeKind.Enum } && method.Name == "GetHashCode";

    // What every type may override depends on which it is; the rest boxes each value.
    private static Site? JudgeParameter(IMethodSymbol method, ITypeSymbol receiver, Location location)
    {
        SpecialType declaring = method.ContainingType.SpecialType;
        if (declaring is not SpecialType.System_Object and not SpecialType.System_Enum)
        {
            return null;
        }

        bool isOverridable = method.IsVirtual || method.IsOverride;
        return isOverridable
            ? new Site(
                AllocationRules.Unverified, location, $"{method.Name} of whatever stands for {receiver.Name}")
            : new Site(
                AllocationRules.Boxing,
                location,
                $"A value that stands for {receiver.Name} is boxed to call {Name(method)}");
    }

    private static string Name(ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
