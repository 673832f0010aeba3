using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>Members without a body in the source: the compiler's own, and those of native code.</summary>
internal static class ImplicitMembers
{
    public static MethodSummary Summarize(IMethodSymbol method, WellKnownTypes types)
    {
        if (method.IsExtern)
        {
            return IsBlittable(method)
                ? MethodSummary.Empty
                : Single(AllocationRules.Unverified, method, "The marshalling of " + Name(method));
        }

        if (!method.IsImplicitlyDeclared || !method.ContainingType.IsRecord)
        {
            return MethodSummary.Empty;
        }

        return method.Name switch
        {
            "ToString" => Single(AllocationRules.String, method, Name(method)),
            "Equals" or "GetHashCode" or "op_Equality" or "op_Inequality" => Compared(method, types),
            _ => MethodSummary.Empty,
        };
    }

    // A record compares its fields by EqualityComparer<T>.Default, which boxes those without an Equals of
    // their own.
    private static MethodSummary Compared(IMethodSymbol method, WellKnownTypes types)
    {
        foreach (ISymbol member in method.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false } field && Equality.Boxes(field.Type, types))
            {
                return Single(
                    AllocationRules.Boxing,
                    method,
                    $"{Name(method)} boxes {Name(field.Type)}, which is no IEquatable<{field.Type.Name}>");
            }
        }

        return MethodSummary.Empty;
    }

    private static MethodSummary Single(DiagnosticDescriptor rule, IMethodSymbol method, string what) =>
        new([new Site(rule, method.Locations[0], what)], []);

    private static bool IsBlittable(IMethodSymbol method)
    {
        if (!IsBlittable(method.ReturnType) && !method.ReturnsVoid)
        {
            return false;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (!IsBlittable(parameter.Type))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBlittable(ITypeSymbol type) =>
        type is { IsUnmanagedType: true }
            and not { SpecialType: SpecialType.System_Boolean or SpecialType.System_Char };

    private static string Name(ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
