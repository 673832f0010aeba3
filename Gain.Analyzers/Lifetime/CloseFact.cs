using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;

namespace Gain.Analyzers.Lifetime;

/// <summary>What is known on one way through a method.</summary>
internal sealed class CloseFact
{
    private CloseFact(string? closer, ImmutableSortedDictionary<string, bool> known)
    {
        Closer = closer;
        Known = known;
        string conditions = string.Join(";", known.Select(static one => $"{one.Key}={one.Value}"));
        Key = $"{closer}|{conditions}";
    }

    /// <summary>Nothing is known, and the connection is open.</summary>
    public static CloseFact Open { get; } = new(null, ImmutableSortedDictionary<string, bool>.Empty);

    /// <summary>What closed the connection; null while it is open.</summary>
    public string? Closer { get; }

    /// <summary>Facts of the same key are equal.</summary>
    public string Key { get; }

    // Conditions that were tested on the way, as texts, and how they came out.
    private ImmutableSortedDictionary<string, bool> Known { get; }

    public CloseFact Closed(string closer) => Closer is null ? new CloseFact(closer, Known) : this;

    /// <summary>
    /// The fact where a condition came out so; null where it is known to have come out otherwise.
    /// </summary>
    public CloseFact? With(string condition, bool outcome) => Known.TryGetValue(condition, out bool known)
        ? known == outcome ? this : null
        : new CloseFact(Closer, Known.Add(condition, outcome));

    /// <summary>The fact after a variable of that name was written to.</summary>
    public CloseFact Without(string name)
    {
        ImmutableSortedDictionary<string, bool> kept = Known.RemoveRange(
            Known.Keys.Where(key => Regex.IsMatch(key, $@"\b{Regex.Escape(name)}\b")));
        return kept == Known ? this : new CloseFact(Closer, kept);
    }
}
