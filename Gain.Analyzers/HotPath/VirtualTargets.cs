using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>Finds the methods that may run when one is called.</summary>
internal sealed class VirtualTargets(Compilation compilation)
{
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _types =
        new(() => AllTypes(compilation.Assembly), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>All types of the compilation, nested ones included.</summary>
    public ImmutableArray<INamedTypeSymbol> OwnTypes => _types.Value;

    /// <summary>
    /// The targets: one for a call that the compiler resolves; for the others those of every type of the
    /// compilation that the receiver may have. The declared method alone where none is known.
    /// </summary>
    public ImmutableArray<IMethodSymbol> Targets(IMethodSymbol method, ITypeSymbol? receiver, bool isVirtual)
    {
        if (!isVirtual || !(method.IsVirtual || method.IsAbstract || method.IsOverride) || receiver is null)
        {
            return [method];
        }

        if (receiver is { IsValueType: true, TypeKind: not TypeKind.TypeParameter } or { IsSealed: true })
        {
            return [Implementation(method, receiver) ?? method];
        }

        var targets = ImmutableArray.CreateBuilder<IMethodSymbol>();
        if (receiver.TypeKind == TypeKind.Class
            && Implementation(method, receiver) is { IsAbstract: false } own)
        {
            targets.Add(own);
        }

        bool isKnown = targets.Count > 0;
        AddDerived(method, receiver, targets);

        // Of what another assembly declares, there are types that nobody knows here.
        if (targets.Count == 0 || (!isKnown && !IsOwn(receiver, method)))
        {
            targets.Add(method);
        }

        return targets.ToImmutable();
    }

    /// <summary>What a call of a virtual or an interface's method runs on a type.</summary>
    public static IMethodSymbol? Implementation(IMethodSymbol method, ITypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            IMethodSymbol definition = method.Arity > 0 ? method.ConstructedFrom : method;
            var found = type.FindImplementationForInterfaceMember(definition) as IMethodSymbol;
            return found is { Arity: > 0 } && found.Arity == method.Arity
                ? found.Construct([.. method.TypeArguments])
                : found;
        }

        IMethodSymbol slot = SlotOf(method);
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers(method.Name))
            {
                if (member is IMethodSymbol candidate
                    && SymbolEqualityComparer.Default.Equals(
                        SlotOf(candidate).OriginalDefinition, slot.OriginalDefinition))
                {
                    return candidate.Arity > 0 ? candidate.Construct([.. method.TypeArguments]) : candidate;
                }
            }
        }

        return null;
    }

    // Only those of the compilation: what another assembly derives is for its own author to check.
    private void AddDerived(
        IMethodSymbol method, ITypeSymbol receiver, ImmutableArray<IMethodSymbol>.Builder targets)
    {
        ISet<ISymbol> seen = new HashSet<ISymbol>(targets, SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol type in _types.Value)
        {
            if (type.TypeKind is TypeKind.Class or TypeKind.Struct
                && !type.IsAbstract
                && Fits(type, receiver, method)
                && Implementation(Retarget(method, type), type) is { IsAbstract: false } found
                && seen.Add(found))
            {
                targets.Add(found);
            }
        }
    }

    private bool IsOwn(ITypeSymbol receiver, IMethodSymbol method)
    {
        ITypeSymbol declaring =
            receiver.TypeKind == TypeKind.TypeParameter ? method.ContainingType : receiver;
        return SymbolEqualityComparer.Default.Equals(declaring.ContainingAssembly, compilation.Assembly);
    }

    private bool Fits(INamedTypeSymbol type, ITypeSymbol receiver, IMethodSymbol method)
    {
        ITypeSymbol wanted = receiver.TypeKind == TypeKind.TypeParameter ? method.ContainingType : receiver;
        if (wanted.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType
            || wanted.TypeKind == TypeKind.TypeParameter)
        {
            return false;
        }

        if (wanted.TypeKind == TypeKind.Interface)
        {
            foreach (INamedTypeSymbol implemented in type.AllInterfaces)
            {
                // The type arguments tell more, where all are known.
                if (SymbolEqualityComparer.Default.Equals(
                        implemented.OriginalDefinition, wanted.OriginalDefinition)
                    && (type.Arity > 0 || !IsClosed(wanted) || !IsClosed(implemented)
                        || compilation.HasImplicitConversion(implemented, wanted)))
                {
                    return true;
                }
            }

            return false;
        }

        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, wanted.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsClosed(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { TypeArguments: var arguments })
        {
            foreach (ITypeSymbol argument in arguments)
            {
                if (!IsClosed(argument))
                {
                    return false;
                }
            }
        }

        return type.TypeKind != TypeKind.TypeParameter
            && (type is not IArrayTypeSymbol array || IsClosed(array.ElementType));
    }

    // The interface's method as the type implements it, whose type arguments may be others.
    private static IMethodSymbol Retarget(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType is not { TypeKind: TypeKind.Interface, Arity: > 0 } declaring)
        {
            return method;
        }

        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (!SymbolEqualityComparer.Default.Equals(
                implemented.OriginalDefinition, declaring.OriginalDefinition))
            {
                continue;
            }

            foreach (ISymbol member in implemented.GetMembers(method.Name))
            {
                if (member is IMethodSymbol found && SymbolEqualityComparer.Default.Equals(
                    member.OriginalDefinition, method.OriginalDefinition))
                {
                    return found.Arity > 0 ? found.Construct([.. method.TypeArguments]) : found;
                }
            }
        }

        return method;
    }

    private static IMethodSymbol SlotOf(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
        {
            method = overridden;
        }

        return method;
    }

    private static ImmutableArray<INamedTypeSymbol> AllTypes(IAssemblySymbol assembly)
    {
        var found = ImmutableArray.CreateBuilder<INamedTypeSymbol>();
        Add(assembly.GlobalNamespace, found);
        return found.ToImmutable();
    }

    private static void Add(
        INamespaceOrTypeSymbol container, ImmutableArray<INamedTypeSymbol>.Builder found)
    {
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is INamespaceOrTypeSymbol inner)
            {
                if (inner is INamedTypeSymbol type)
                {
                    found.Add(type);
                }

                Add(inner, found);
            }
        }
    }
}
