using System.Net;
using Gain.Proxy.Configuration;

namespace Gain.Proxy.Pools;

/// <summary>
/// The backends of a pool. Workers read the array; who looks names up replaces it, and keeps the backends
/// that stay, with their counts.
/// </summary>
internal sealed class Pool
{
    /// <summary>As many as an <c>Attempt</c> has bits for.</summary>
    public const int MaxBackends = 64;

    private readonly BackendAddress[] _addresses;
    private readonly Dictionary<string, IPAddress[]> _known = [];
    private volatile Backend[] _backends = [];
    private int _turn;
    private long _refused;

    /// <param name="name">Its key in the file.</param>
    /// <param name="section">What the file says of it.</param>
    /// <param name="before">
    /// The pool of this name before the file was read again, which is not changed: it may stay.
    /// </param>
    public Pool(string name, PoolSection section, Pool? before)
    {
        Name = name;
        Section = section;
        ProxyVersion = section.SendProxy switch
        {
            "v1" => ProxyVersion.V1,
            "v2" => ProxyVersion.V2,
            _ => ProxyVersion.None,
        };
        Mode = section.Splice ? CouplingMode.Splice : CouplingMode.Copy;
        _addresses = Array.ConvertAll(section.Backends, text => BackendAddress.Parse(name, text));
        _known = before?._known is { } known ? new(known) : [];
        _backends = before?.Backends ?? [];
        Update();
    }

    public string Name { get; }

    public PoolSection Section { get; }

    /// <summary>The header that backends are sent; None for none.</summary>
    public ProxyVersion ProxyVersion { get; }

    /// <summary>How bytes get from clients to backends and back.</summary>
    public CouplingMode Mode { get; }

    public Backend[] Backends => _backends;

    /// <summary>Clients that no backend could be found for.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The names among its backends.</summary>
    public IEnumerable<string> Hosts =>
        _addresses.Where(address => address.Target is null).Select(address => address.Host).Distinct();

    [AllocationFree]
    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>It is in effect from now on, in another's place.</summary>
    public void TakeOver(Pool? before)
    {
        Interlocked.Add(ref _refused, before?.Refused ?? 0);
        if (Section.Check is null)
        {
            Array.ForEach(Backends, backend => backend.ForgetChecks());
        }
    }

    /// <summary>The backend with the fewest connections that is up and was not tried.</summary>
    /// <param name="among">The pool's backends when the client came.</param>
    /// <param name="tried">A bit for each of them.</param>
    /// <returns>Its place; -1 when there is none.</returns>
    [AllocationFree]
    public int Pick(Backend[] among, ulong tried)
    {
        // Among equals each in turn.
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)Math.Max(1, among.Length));
        int best = -1;
        for (int i = 0; i < among.Length; i++)
        {
            int at = first + i < among.Length ? first + i : first + i - among.Length;
            Backend backend = among[at];
            if (backend.IsUp
                && (tried & (1UL << at)) == 0
                && (best < 0 || backend.Active < among[best].Active))
            {
                best = at;
            }
        }

        return best;
    }

    /// <summary>Takes what a name stands for from now on.</summary>
    public void Learn(string host, IPAddress[] addresses)
    {
        _known[host] = addresses;
        Update();
    }

    private void Update()
    {
        Dictionary<string, Backend> there = _backends.ToDictionary(backend => backend.Name);
        _backends =
        [
            .. _addresses.SelectMany(Targets)
                .DistinctBy(target => target.Name)
                .Take(MaxBackends)
                .Select(target => there.GetValueOrDefault(target.Name)
                    ?? new Backend(target.Name, target.Target)),
        ];
    }

    private IEnumerable<(string Name, DialTarget Target)> Targets(BackendAddress address)
    {
        if (address.Target is { } target)
        {
            return [(target.ToString(), target)];
        }

        return from known in _known.GetValueOrDefault(address.Host) ?? []
               let end = DialTarget.FromIPEndPoint(new IPEndPoint(known, address.Port))
               select (end.ToString(), end);
    }
}
