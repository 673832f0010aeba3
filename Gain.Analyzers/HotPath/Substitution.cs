using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>What stands for the type parameters of a method, and of the types around it.</summary>
internal sealed class Substitution
{
    private readonly Compilation _compilation;
    private readonly Dictionary<ITypeSymbol, ITypeSymbol> _arguments = new(SymbolEqualityComparer.Default);

    public Substitution(Compilation compilation, IMethodSymbol constructed)
    {
        _compilation = compilation;
        Add(constructed.OriginalDefinition.TypeParameters, constructed.TypeArguments);
        for (INamedTypeSymbol? type = constructed.ContainingType; type is not null; type =
            type.ContainingType)
        {
            Add(type.OriginalDefinition.TypeParameters, type.TypeArguments);
        }
    }

    public ITypeSymbol Apply(ITypeSymbol type)
    {
        if (_arguments.Count == 0)
        {
            return type;
        }

        switch (type)
        {
            case ITypeParameterSymbol parameter:
                return _arguments.TryGetValue(parameter, out ITypeSymbol? argument) ? argument : type;
            case IArrayTypeSymbol array:
                return _compilation.CreateArrayTypeSymbol(Apply(array.ElementType), array.Rank);
            case INamedTypeSymbol named:
                return ApplyNamed(named);
            default:
                return type;
        }
    }

    public IMethodSymbol Apply(IMethodSymbol method)
    {
        if (_arguments.Count == 0 || method.MethodKind == MethodKind.LocalFunction)
        {
            return method;
        }

        IMethodSymbol definition = method.OriginalDefinition;
        IMethodSymbol result = method;
        if (method.ContainingType is { } container && IsGeneric(container))
        {
            INamedTypeSymbol substituted = ApplyNamed(container);
            foreach (ISymbol member in substituted.GetMembers(method.Name))
            {
                if (SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, definition))
                {
                    result = (IMethodSymbol)member;
                    break;
                }
            }
        }
        else
        {
            result = definition;
        }

        return definition.Arity == 0 ? result : result.Construct(ApplyAll(method.TypeArguments));
    }

    private void Add(ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments)
    {
        for (int i = 0; i < parameters.Length && i < arguments.Length; i++)
        {
            if (!SymbolEqualityComparer.Default.Equals(parameters[i], arguments[i]))
            {
                _arguments[parameters[i]] = arguments[i];
            }
        }
    }

    private static bool IsGeneric(INamedTypeSymbol type) =>
        type.Arity > 0 || (type.ContainingType is { } outer && IsGeneric(outer));

    private INamedTypeSymbol ApplyNamed(INamedTypeSymbol type)
    {
        if (!IsGeneric(type) || type.IsUnboundGenericType)
        {
            return type;
        }

        INamedTypeSymbol definition = type.OriginalDefinition;
        if (type.ContainingType is { } outer && IsGeneric(outer))
        {
            foreach (INamedTypeSymbol nested in ApplyNamed(outer).GetTypeMembers(type.Name, type.Arity))
            {
                definition = nested;
            }
        }

        return type.Arity == 0 ? definition : definition.Construct(ApplyAll(type.TypeArguments));
    }

    private ITypeSymbol[] ApplyAll(ImmutableArray<ITypeSymbol> types)
    {
        var results = new ITypeSymbol[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            results[i] = Apply(types[i]);
        }

        return results;
    }
}
