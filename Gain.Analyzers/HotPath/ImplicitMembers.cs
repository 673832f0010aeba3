using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.HotPath;

/// <summary>Members without a body in the source: the compiler's own, and those of native code.</summary>
internal static class ImplicitMembers
{
    public static MethodSummary Summarize(
        IMethodSymbol method, WellKnownTypes types, ElementMembers elements)
    {
        if (method.IsExtern)
        {
            return IsBlittable(method)
                ? MethodSummary.Empty
                : Single(AllocationRules.Unverified, method, "The marshalling of " + Name(method));
        }

        if (method is { IsPartialDefinition: true, PartialImplementationPart: null, ReturnsVoid: false }
            or { IsPartialDefinition: true, PartialImplementationPart: null,
                DeclaredAccessibility: not Accessibility.Private })
        {
            // A generator writes the body, which others of its kind do not see.
            return Single(AllocationRules.Unverified, method, Name(method));
        }

        if (!method.IsImplicitlyDeclared || !method.ContainingType.IsRecord)
        {
            return MethodSummary.Empty;
        }

        return method.Name switch
        {
            "ToString" => Single(AllocationRules.String, method, Name(method)),
            "Equals" or "GetHashCode" or "op_Equality" or "op_Inequality" =>
                Compared(method, types, elements),
            _ => MethodSummary.Empty,
        };
    }

    /// <summary>The constructor of a base class that a constructor calls without naming it.</summary>
    public static IMethodSymbol? BaseConstructor(IMethodSymbol method, CancellationToken cancellation)
    {
        if (method is not { MethodKind: MethodKind.Constructor, ContainingType: { TypeKind: TypeKind.Class } }
            || method.ContainingType.BaseType is not { } parent)
        {
            return null;
        }

        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax { Initializer: not null }
                or TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax, ..] })
            {
                return null;
            }
        }

        return parent.InstanceConstructors.FirstOrDefault(static one => one.Parameters.IsEmpty);
    }

    // A record compares its fields, and those of the records before it, by EqualityComparer<T>.Default: it
    // boxes those without an Equals of their own, and runs that of the others.
    private static MethodSummary Compared(
        IMethodSymbol method, WellKnownTypes types, ElementMembers elements)
    {
        var members = ImmutableArray.CreateBuilder<IMethodSymbol>();
        for (INamedTypeSymbol? type = method.ContainingType; type is { IsRecord: true };
            type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                if (member is not IFieldSymbol { IsStatic: false } field)
                {
                    continue;
                }

                if (Equality.BoxedBy(field.Type, types) is { } boxed)
                {
                    return Single(
                        AllocationRules.Boxing,
                        method,
                        $"{Name(method)} boxes {Name(boxed)}, which is no IEquatable<{boxed.Name}>");
                }

                elements.AddEquality(field.Type, members);
            }
        }

        Location location = method.Locations[0];
        return new MethodSummary(
            [],
            [.. members.Select(member => new Call(member, member.ContainingType, false, false, location))]);
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
