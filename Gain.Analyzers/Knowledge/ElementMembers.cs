using System.Collections.Generic;
using System.Collections.Immutable;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// The members of the compilation's own types that the framework runs on their values: a dictionary the
/// equality of its keys, a sort their order, a formatter their format.
/// </summary>
internal sealed class ElementMembers(Compilation compilation, WellKnownTypes types)
{
    /// <summary>The members that a call of the framework's may run, besides those of its own.</summary>
    public void AddRunBy(
        IMethodSymbol method, IEnumerable<INamedTypeSymbol> own, ImmutableArray<IMethodSymbol>.Builder found)
    {
        foreach (ITypeSymbol compared in ArgumentTypes.ComparedTypes(method))
        {
            AddEquality(compared, found);
            AddComparers(own, "IEqualityComparer`1", compared, method, found);
        }

        if (ArgumentTypes.OrderedType(method) is { } ordered)
        {
            AddMember(ordered, types.Comparable?.Construct(ordered), found);
            AddMember(ordered, types.PlainComparable, found);
            AddComparers(own, "IComparer`1", ordered, method, found);
        }

        if (ArgumentTypes.FormattedType(method) is { } formatted)
        {
            AddFormat(formatted, found);
        }
    }

    /// <summary>What EqualityComparer&lt;T&gt;.Default runs on values of a type.</summary>
    public void AddEquality(ITypeSymbol type, ImmutableArray<IMethodSymbol>.Builder found)
    {
        if (type is INamedTypeSymbol { Arity: > 0 } generic && Equality.IsTransparent(type))
        {
            foreach (ITypeSymbol argument in generic.TypeArguments)
            {
                AddEquality(argument, found);
            }

            return;
        }

        if (!IsOwn(type))
        {
            return;
        }

        if (types.Equatable is { } equatable
            && type.FindImplementationForInterfaceMember(equatable.Construct(type).GetMembers()[0])
                is IMethodSymbol equals)
        {
            Add(equals, found);
        }
        else
        {
            AddOverride(type, "Equals", found);
        }

        AddOverride(type, "GetHashCode", found);
    }

    private void AddFormat(ITypeSymbol type, ImmutableArray<IMethodSymbol>.Builder found)
    {
        // What is neither is reported for its ToString.
        type = Equality.Unwrapped(type);
        AddMember(type, types.SpanFormattable, found);
        AddMember(type, types.Utf8SpanFormattable, found);
    }

    // Which of the comparers a collection was made with is not told by its type: all that fit count.
    private void AddComparers(
        IEnumerable<INamedTypeSymbol> own,
        string comparer,
        ITypeSymbol element,
        IMethodSymbol method,
        ImmutableArray<IMethodSymbol>.Builder found)
    {
        if (!MayHaveComparer(method))
        {
            return;
        }

        foreach (INamedTypeSymbol type in own)
        {
            foreach (INamedTypeSymbol implemented in type.AllInterfaces)
            {
                if (implemented.MetadataName == comparer
                    && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], element))
                {
                    AddMember(type, implemented, found);
                }
            }
        }
    }

    // That of a list or a span is the default one, unless it is among the arguments.
    private static bool MayHaveComparer(IMethodSymbol method)
    {
        if (method.ContainingType is { Arity: > 0, Name: not ("List" or "EqualityComparer" or "Comparer"
            or "Queue" or "Stack" or "LinkedList" or "ImmutableArray" or "ImmutableList") })
        {
            return true;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.Type.Name is "IEqualityComparer" or "IComparer")
            {
                return true;
            }
        }

        return false;
    }

    private void AddMember(
        ITypeSymbol type, INamedTypeSymbol? contract, ImmutableArray<IMethodSymbol>.Builder found)
    {
        if (contract is null)
        {
            return;
        }

        foreach (ISymbol member in contract.GetMembers())
        {
            if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol method)
            {
                Add(method, found);
            }
        }
    }

    private void AddOverride(ITypeSymbol type, string name, ImmutableArray<IMethodSymbol>.Builder found)
    {
        for (ITypeSymbol? at = type; at is not null && IsOwn(at); at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers(name))
            {
                if (member is IMethodSymbol { IsOverride: true } method)
                {
                    Add(method, found);
                    return;
                }
            }
        }
    }

    private void Add(IMethodSymbol method, ImmutableArray<IMethodSymbol>.Builder found)
    {
        if (!method.IsAbstract && IsOwn(method.ContainingType) && !found.Contains(method))
        {
            found.Add(method);
        }
    }

    private bool IsOwn(ITypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);
}
