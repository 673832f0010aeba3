namespace Gain.Proxy.Pools;

/// <summary>All pools, for those who tell of them.</summary>
internal sealed class PoolSet
{
    private volatile Pool[] _pools = [];

    public Pool[] Pools
    {
        get => _pools;
        set => _pools = value;
    }

    /// <summary>The pool of a name; null for none.</summary>
    public Pool? Find(string name) => Array.Find(_pools, pool => pool.Name == name);
}
