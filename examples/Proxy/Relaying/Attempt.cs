using Gain.Proxy.Pools;

namespace Gain.Proxy.Relaying;

/// <summary>A client's way to a backend: which were tried, and which is now.</summary>
internal struct Attempt(Pool pool, ConnectionHandle client)
{
    private readonly Backend[] _among = pool.Backends;
    private ulong _tried;
    private int _at = -1;
    private int _tries;

    public readonly Pool Pool => pool;

    public readonly ConnectionHandle Client => client;

    public readonly Backend Backend => _among[_at];

    /// <summary>Dials the best backend that was not tried; the client waits.</summary>
    /// <returns>False when there is none, or no room for a connection.</returns>
    [AllocationFree]
    public bool TryDialNext(Connection from)
    {
        if (_tries == pool.Section.Tries)
        {
            return false;
        }

        _at = pool.Pick(_among, _tried);
        if (_at < 0)
        {
            return false;
        }

        _tries++;
        _tried |= 1UL << _at;
        Backend.Take();
        if (from.TryDial(new Upstream(this), Backend.Target, out _))
        {
            return true;
        }

        // No other would find room either.
        Backend.ReleaseFailed();
        return false;
    }
}
