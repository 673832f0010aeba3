using System.Collections.Immutable;

namespace Gain.Analyzers.HotPath;

/// <summary>What the body of one method does itself, and what it calls, in the order of the source.</summary>
internal sealed class MethodSummary(ImmutableArray<Site> sites, ImmutableArray<Call> calls)
{
    public static readonly MethodSummary Empty = new([], []);

    public ImmutableArray<Site> Sites { get; } = sites;

    public ImmutableArray<Call> Calls { get; } = calls;

    /// <summary>Whether its body runs only when what it returns is enumerated.</summary>
    public bool IsIterator { get; init; }

    public MethodSummary With(Call call) =>
        new(Sites, Calls.Insert(0, call)) { IsIterator = IsIterator };
}
