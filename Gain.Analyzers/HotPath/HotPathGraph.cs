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
    private readonly ElementMembers _elements = new(compilation, types);
    private readonly ConcurrentDictionary<IMethodSymbol, MethodSummary> _summaries =
        new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<IMethodSymbol>> _framework =
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
    public ImmutableArray<IMethodSymbol> Targets(
        Call call, Substitution substitution, CancellationToken cancellation) =>
        call.Creates ? CallTargets.ConstructorOf(substitution.Apply(call.Receiver!))
            : call.Holder is { } holder
            ? _targets.Held(holder, call.Target, cancellation)
            : WithElements(_targets.Of(call.Target, call.Receiver, call.IsVirtual, substitution));

    /// <summary>Whether a call makes an iterator whose body nobody runs there.</summary>
    public bool IsNotRun(Call call, IMethodSymbol target, CancellationToken cancellation) =>
        call.IsOnlyMade && Summarize(target, cancellation).IsIterator;

    /// <summary>The types of the compilation.</summary>
    public ImmutableArray<INamedTypeSymbol> OwnTypes => _targets.OwnTypes;

    public bool IsOwn(IMethodSymbol method) => _targets.IsOwn(method);

    // What the framework runs of the compilation's own types is called as much as what the source names.
    private ImmutableArray<IMethodSymbol> WithElements(ImmutableArray<IMethodSymbol> targets)
    {
        if (targets is not [{ } target] || IsOwn(target) || !ArgumentTypes.IsInSystem(target.ContainingType))
        {
            return targets;
        }

        return _framework.GetOrAdd(target, WithElements);
    }

    private ImmutableArray<IMethodSymbol> WithElements(IMethodSymbol target)
    {
        var all = ImmutableArray.CreateBuilder<IMethodSymbol>();
        all.Add(target);
        _elements.AddRunBy(target, _targets.OwnTypes, all);
        return all.ToImmutable();
    }

    private MethodSummary Read(IMethodSymbol method, CancellationToken cancellation)
    {
        ImmutableArray<IOperation> roots = _targets.BodiesOf(method, cancellation);
        MethodSummary summary = roots.IsEmpty
            ? ImplicitMembers.Summarize(method, Types, _elements)
            : BodyWalker.Summarize(Types, method, roots, cancellation);
        return ImplicitMembers.BaseConstructor(method, cancellation) is { } constructor && IsOwn(constructor)
            ? summary.With(new Call(constructor, null, false, false, method.Locations[0]))
            : summary;
    }
}
