using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The calls of one compilation: each method is read when first asked for, once.</summary>
internal sealed class HotPathGraph(Compilation compilation, ExternalCalls external, WellKnownTypes types)
{
    private readonly CallTargets _targets = new(compilation);
    private readonly ConcurrentDictionary<IMethodSymbol, MethodSummary> _summaries =
        new(SymbolEqualityComparer.Default);

    public WellKnownTypes Types { get; } = types;

    public ExternalCalls External { get; } = external;

    public MethodSummary Summarize(IMethodSymbol method, CancellationToken cancellation)
    {
        IMethodSymbol definition = CallTargets.Definition(method);
        return _summaries.TryGetValue(definition, out MethodSummary? known)
            ? known
            : _summaries.GetOrAdd(definition, Read(definition, cancellation));
    }

    public Substitution SubstitutionOf(IMethodSymbol constructed) => _targets.SubstitutionOf(constructed);

    /// <summary>The methods that a call may run, with the caller's type arguments in them.</summary>
    public ImmutableArray<IMethodSymbol> Targets(Call call, Substitution substitution) =>
        _targets.Of(call.Target, call.Receiver, call.IsVirtual, substitution);

    public bool IsOwn(IMethodSymbol method) => _targets.IsOwn(method);

    private MethodSummary Read(IMethodSymbol method, CancellationToken cancellation)
    {
        ImmutableArray<IOperation> roots = _targets.BodiesOf(method, cancellation);
        return roots.IsEmpty
            ? ImplicitMembers.Summarize(method, Types)
            : BodyWalker.Summarize(Types, method, roots, cancellation);
    }
}
