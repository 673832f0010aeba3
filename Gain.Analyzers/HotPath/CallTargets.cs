using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The methods of one compilation: what a call may run, and their bodies.</summary>
internal sealed class CallTargets(Compilation compilation)
{
    private const int MaxTypeDepth = 6;

    private readonly BodyReader _bodies = new(compilation);
    private readonly VirtualTargets _virtualTargets = new(compilation);
    private HeldDelegates? _held;

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
        return _virtualTargets.Targets(
            applied, receiver is null ? null : substitution.Apply(receiver), isVirtual);
    }

    /// <summary>The constructor without parameters that somebody wrote, if there is one.</summary>
    public static ImmutableArray<IMethodSymbol> ConstructorOf(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol named)
        {
            foreach (IMethodSymbol constructor in named.InstanceConstructors)
            {
                if (constructor is { Parameters.IsEmpty: true, IsImplicitlyDeclared: false })
                {
                    return [constructor];
                }
            }
        }

        return [];
    }

    /// <summary>The functions that a field or property holds, or the delegate's own call.</summary>
    public ImmutableArray<IMethodSymbol> Held(
        ISymbol holder, IMethodSymbol invoke, CancellationToken cancellation)
    {
        _held ??= new HeldDelegates(_bodies);
        ImmutableArray<IMethodSymbol> functions = _held.Of(holder, cancellation);
        return functions.IsDefault ? [invoke] : functions;
    }

    /// <summary>Whether a method's body is here; that of a delegate is nowhere.</summary>
    public bool IsOwn(IMethodSymbol method) =>
        method.MethodKind != MethodKind.DelegateInvoke
        && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    /// <summary>The types of the compilation.</summary>
    public ImmutableArray<INamedTypeSymbol> OwnTypes => _virtualTargets.OwnTypes;

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
    public static bool IsDeep(IMethodSymbol method) => DepthOf(method) > MaxTypeDepth;

    /// <summary>The depth from which on type arguments may grow without end, when they start here.</summary>
    public static int DepthLimit(IMethodSymbol start) => DepthOf(start) + MaxTypeDepth;

    /// <summary>Whether a method has type parameters, its own or those of the types around it.</summary>
    public static bool IsGeneric(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Arity > 0)
            {
                return true;
            }
        }

        return method.Arity > 0;
    }

    /// <summary>How deeply a method's type arguments are nested, and those of its type.</summary>
    public static int DepthOf(IMethodSymbol method)
    {
        int depth = method.ContainingType is { } type ? Depth(type) : 0;
        foreach (ITypeSymbol argument in method.TypeArguments)
        {
            depth = System.Math.Max(depth, Depth(argument));
        }

        return depth;
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
