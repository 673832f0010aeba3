using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The calls of one compilation: each method is read when first asked for, once.</summary>
internal sealed class HotPathGraph(Compilation compilation, ExternalCalls external, WellKnownTypes types)
{
    private readonly BodyReader _bodies = new(compilation);
    private readonly Dispatch _dispatch = new(compilation);
    private readonly ConcurrentDictionary<IMethodSymbol, MethodSummary> _summaries =
        new(SymbolEqualityComparer.Default);

    public WellKnownTypes Types { get; } = types;

    public ExternalCalls External { get; } = external;

    public MethodSummary Summarize(IMethodSymbol method, CancellationToken cancellation)
    {
        IMethodSymbol definition = Definition(method);
        return _summaries.TryGetValue(definition, out MethodSummary? known)
            ? known
            : _summaries.GetOrAdd(definition, Read(definition, cancellation));
    }

    public Substitution SubstitutionOf(IMethodSymbol constructed) => new(compilation, constructed);

    /// <summary>The methods that a call may run, with the caller's type arguments in them.</summary>
    public ImmutableArray<IMethodSymbol> Targets(Call call, Substitution substitution)
    {
        IMethodSymbol target = substitution.Apply(call.Target.ReducedFrom is { } reduced
            ? Unreduced(call.Target, reduced)
            : call.Target);
        ITypeSymbol? receiver = call.Receiver is { } type ? substitution.Apply(type) : null;
        return _dispatch.Targets(target, receiver, call.IsVirtual);
    }

    public bool IsOwn(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    /// <summary>The method that has the body.</summary>
    public static IMethodSymbol Definition(IMethodSymbol method)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        return definition.PartialImplementationPart ?? definition;
    }

    private static IMethodSymbol Unreduced(IMethodSymbol method, IMethodSymbol reduced) =>
        reduced.Arity > 0 && reduced.Arity == method.TypeArguments.Length
            ? reduced.Construct([.. method.TypeArguments])
            : method.OriginalDefinition.ReducedFrom ?? reduced;

    private MethodSummary Read(IMethodSymbol method, CancellationToken cancellation)
    {
        ImmutableArray<IOperation> roots = _bodies.Read(method, cancellation);
        return roots.IsEmpty
            ? ImplicitMembers.Summarize(method, Types)
            : BodyWalker.Summarize(Types, method, roots, cancellation);
    }
}
