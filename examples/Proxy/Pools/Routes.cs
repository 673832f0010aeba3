using System.Collections.Frozen;
using System.Text;

namespace Gain.Proxy.Pools;

/// <summary>Where a listener's clients are led. Never changed: another file makes other ones.</summary>
internal sealed class Routes
{
    private const string Wildcard = "*";
    private const int MaxNameBytes = 255;

    private readonly FrozenDictionary<string, Pool>.AlternateLookup<ReadOnlySpan<char>> _names;
    private readonly FrozenDictionary<string, Pool>.AlternateLookup<ReadOnlySpan<char>> _domains;

    /// <param name="pool">The pool of all others; null to refuse them.</param>
    /// <param name="names">Pools by name; null when no name is looked for.</param>
    public Routes(Pool? pool, IReadOnlyDictionary<string, Pool>? names)
    {
        Pool = pool;
        PeeksAtNames = names is not null;
        var exact = new Dictionary<string, Pool>();
        var domains = new Dictionary<string, Pool>();
        foreach ((string name, Pool to) in names ?? new Dictionary<string, Pool>())
        {
            (name.StartsWith(Wildcard, StringComparison.Ordinal) ? domains : exact)[name.TrimStart('*')] = to;
        }

        _names = Freeze(exact);
        _domains = Freeze(domains);
    }

    public Pool? Pool { get; }

    /// <summary>Whether a client's first TLS message decides.</summary>
    public bool PeeksAtNames { get; }

    /// <summary>The pool of a name as it stands in a client's first message; the usual one where none is
    /// for it.</summary>
    [AllocationFree]
    public Pool? Find(ReadOnlySpan<byte> name)
    {
        Span<char> room = stackalloc char[MaxNameBytes];
        if (name.IsEmpty
            || name.Length > MaxNameBytes
            || Ascii.ToUtf16(name, room, out int length) != System.Buffers.OperationStatus.Done)
        {
            return Pool;
        }

        ReadOnlySpan<char> text = room[..length];
        int dot = text.IndexOf('.');
        return _names.TryGetValue(text, out Pool? found)
            || (dot > 0 && _domains.TryGetValue(text[dot..], out found))
            ? found
            : Pool;
    }

    private static FrozenDictionary<string, Pool>.AlternateLookup<ReadOnlySpan<char>> Freeze(
        Dictionary<string, Pool> pools) =>
        pools.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
