using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// What the methods that a callback calls do with one address that it has: each is read once for each way
/// in. The memory is the callback's own, so that the order in which threads check callbacks changes nothing.
/// </summary>
internal sealed class LentFlows(
    CallTargets targets, WellKnownTypes types, INamedTypeSymbol connection, CancellationToken cancellation)
{
    // Deep enough for every program that a human reads, and shallow enough for the compiler's stack.
    private const int MaxCalls = 40;

    private readonly Dictionary<IMethodSymbol, Dictionary<LentSource, LentFlow>> _flows =
        new(SymbolEqualityComparer.Default);
    private int _calls;

    public CallTargets Targets { get; } = targets;

    public WellKnownTypes Types { get; } = types;

    public INamedTypeSymbol Connection { get; } = connection;

    public CancellationToken Cancellation { get; } = cancellation;

    public LentFlow Of(IMethodSymbol method, LentSource source)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (!_flows.TryGetValue(method, out Dictionary<LentSource, LentFlow>? known))
        {
            _flows[method] = known = [];
        }

        if (known.TryGetValue(source, out LentFlow? flow))
        {
            return flow;
        }

        known[source] = LentFlow.Nothing;
        if (_calls < MaxCalls && !CallTargets.IsDeep(method))
        {
            _calls++;
            ImmutableArray<IOperation> roots = Targets.BodiesOf(method, Cancellation);
            known[source] = new LentWalker(this, method, roots, source).Walk();
            _calls--;
        }

        return known[source];
    }
}
