using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>What a function takes with it of the method around it.</summary>
internal struct Captures
{
    /// <summary>The first variable that it captures.</summary>
    public ISymbol? First;

    /// <summary>Whether it captures the instance.</summary>
    public bool This;

    /// <summary>Adds a variable, unless the function itself declares it.</summary>
    public void Add(ISymbol variable, IMethodSymbol function)
    {
        if (BodyWalker.Encloses(function, variable))
        {
            return;
        }

        // A primary constructor's parameter is a field.
        if (variable is
            IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } of }
            && !BodyWalker.Encloses(of, function))
        {
            This = true;
            return;
        }

        First ??= variable;
    }

    /// <summary>Adds what a called function captures.</summary>
    public void Add(Captures called, IMethodSymbol function)
    {
        This |= called.This;
        if (called.First is { } first)
        {
            Add(first, function);
        }
    }
}
