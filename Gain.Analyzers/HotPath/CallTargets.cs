using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The methods of one compilation: what a call may run, and their bodies.</summary>
internal sealed class CallTargets(Compilation compilation)
{
    private const int MaxTypeDepth = 6;

    private readonly BodyReader _bodies = new(compilation);
    private readonly Dispatch _dispatch = new(compilation);

    public Substitution SubstitutionOf(IMethodSymbol constructed) => new(compilation, constructed);

    /// <summary>The methods that a call may run, with the caller's type arguments in them.</summary>
    /// <param name="target">The method as the compiler bound it.</param>
    /// <param name="receiver">The static type of what it is called on; null for a static method.</param>
    /// <param name="isVirtual">Whether the method that runs is found by the receiver's type.</param>
    /// <param name="substitution">The caller's type arguments.</param>
    public ImmutableArray<IMethodSymbol> Of(
        IMethodSymbol target, ITypeSymbol? receiver, bool isVirtual, Substitution substitution)
    {
        IMethodSymbol applied =
            substitution.Apply(target.ReducedFrom is { } reduced ? Unreduced(target, reduced) : target);
        return _dispatch.Targets(
            applied, receiver is null ? null : substitution.Apply(receiver), isVirtual);
    }

    public bool IsOwn(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    /// <summary>The operations of a method's bodies; none of a method without one.</summary>
    public ImmutableArray<IOperation> BodiesOf(IMethodSymbol method, CancellationToken cancellation) =>
        _bodies.Read(Definition(method), cancellation);

    /// <summary>The method that has the body.</summary>
    public static IMethodSymbol Definition(IMethodSymbol method)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        return definition.PartialImplementationPart ?? definition;
    }

    /// <summary>
    /// Whether type arguments are nested so deeply that they may grow without end, as those of a method that
    /// calls itself with ever larger ones.
    /// </summary>
    public static bool IsDeep(IMethodSymbol method)
    {
        foreach (ITypeSymbol argument in method.TypeArguments)
        {
            if (Depth(argument) > MaxTypeDepth)
            {
                return true;
            }
        }

        return method.ContainingType is { } type && Depth(type) > MaxTypeDepth;
    }

    private static IMethodSymbol Unreduced(IMethodSymbol method, IMethodSymbol reduced) =>
        reduced.Arity > 0 && reduced.Arity == method.TypeArguments.Length
            ? reduced.Construct([.. method.TypeArguments])
            : method.OriginalDefinition.ReducedFrom ?? reduced;

    private static int Depth(ITypeSymbol type)
    {
        int depth = 0;
        if (type is INamedTypeSymbol named)
        {
            foreach (ITypeSymbol argument in named.TypeArguments)
            {
                depth = System.Math.Max(depth, Depth(argument));
            }
        }
        else if (type is IArrayTypeSymbol array)
        {
            depth = Depth(array.ElementType);
        }

        return depth + 1;
    }
}
