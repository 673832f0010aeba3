using System.Text.RegularExpressions;
using Gain.Proxy.Pools;

namespace Gain.Proxy.Configuration;

/// <summary>What the file must be beyond its form. What Gain itself checks, such as addresses of listeners,
/// is left to the start.</summary>
internal static partial class ConfigurationRules
{
    public const int MaxTries = 16;

    private const int MaxNameLength = 64;

    private static readonly TimeSpan s_maxConnect = TimeSpan.FromMinutes(10);

    /// <exception cref="ConfigurationException">The first rule that is broken.</exception>
    public static void Check(ProxySection proxy)
    {
        Range("workers", proxy.Workers ?? 1, 1, 1_024);
        OneOf("ring", proxy.Ring, "auto", "uring", "epoll");
        Range("limits.maxConnections", proxy.Limits.MaxConnections, 2, 10_000_000);
        Range("limits.maxConnectionsPerAddress", proxy.Limits.MaxConnectionsPerAddress ?? 1, 1, 10_000_000);
        Range("limits.bufferBytes", proxy.Limits.BufferBytes, 4_096, 16 << 20);
        if (proxy.Timeouts.Connect > s_maxConnect)
        {
            throw new ConfigurationException(
                $"timeouts.connect is {proxy.Timeouts.Connect}, but must be at most {s_maxConnect}");
        }

        if (proxy.Listeners.Length == 0)
        {
            throw new ConfigurationException("listeners is empty, but must have at least one listener");
        }

        if (proxy.Pools.Count == 0)
        {
            throw new ConfigurationException("pools is empty, but must have at least one pool");
        }

        for (int i = 0; i < proxy.Listeners.Length; i++)
        {
            CheckListener($"listeners[{i}]", proxy.Listeners[i], proxy.Pools);
        }

        foreach ((string name, PoolSection pool) in proxy.Pools)
        {
            if (name.Length > MaxNameLength || !PoolNames().IsMatch(name))
            {
                throw new ConfigurationException(
                    $"pools has \"{name}\", but a name has 1 to {MaxNameLength} of the characters A-Z a-z "
                    + "0-9 . _ -");
            }

            CheckPool($"pools.{name}", pool);
        }
    }

    private static void CheckListener(
        string key, ListenerSection listener, Dictionary<string, PoolSection> pools)
    {
        if (!listener.Address.StartsWith("tcp", StringComparison.Ordinal)
            && !listener.Address.StartsWith("unix://", StringComparison.Ordinal)
            && !listener.Address.StartsWith("systemd:", StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                $"{key}.address is \"{listener.Address}\", but must be tcp://host:port, unix:///path or "
                + "systemd:name");
        }

        if (listener.Pool is null && listener.Names is not { Count: > 0 })
        {
            throw new ConfigurationException(
                $"{key} has neither pool nor names, and needs one of them: where its clients are led");
        }

        PoolExists($"{key}.pool", listener.Pool, pools);
        foreach ((string name, string pool) in listener.Names ?? [])
        {
            string host = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
            if (host.Length > 253 || Uri.CheckHostName(host) != UriHostNameType.Dns)
            {
                throw new ConfigurationException(
                    $"{key}.names has \"{name}\", but a name is like www.example.org or *.example.org");
            }

            PoolExists($"{key}.names.{name}", pool, pools);
        }

        if (listener.ProxyProtocol is { Trusted.Length: 0 })
        {
            throw new ConfigurationException(
                $"{key}.proxyProtocol.trusted is empty, but must name the networks of the balancers, "
                + "such as \"10.0.0.0/8\"");
        }
    }

    private static void PoolExists(string key, string? pool, Dictionary<string, PoolSection> pools)
    {
        if (pool is not null && !pools.ContainsKey(pool))
        {
            throw new ConfigurationException(
                $"{key} is \"{pool}\", but the pools are {string.Join(", ", pools.Keys)}");
        }
    }

    private static void CheckPool(string key, PoolSection pool)
    {
        Range($"{key}.tries", pool.Tries, 1, MaxTries);
        if (pool.SendProxy is not null)
        {
            OneOf($"{key}.sendProxy", pool.SendProxy, "v1", "v2");
        }

        if (pool.Backends.Length is 0 or > Pool.MaxBackends)
        {
            throw new ConfigurationException(
                $"{key}.backends has {pool.Backends.Length} entries, but must have 1 to {Pool.MaxBackends}");
        }

        for (int i = 0; i < pool.Backends.Length; i++)
        {
            BackendAddress.Parse($"{key}.backends[{i}]", pool.Backends[i]);
        }

        if (pool.Check is { } check)
        {
            Range($"{key}.check.rise", check.Rise, 1, 1_000);
            Range($"{key}.check.fall", check.Fall, 1, 1_000);
        }
    }

    private static void Range(string key, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ConfigurationException(
                $"{key} is {value}, but must be a whole number from {least} to {most}");
        }
    }

    private static void OneOf(string key, string value, params string[] allowed)
    {
        if (!allowed.Contains(value))
        {
            throw new ConfigurationException(
                $"{key} is \"{value}\", but must be {string.Join(" or ", allowed)}");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+$")]
    private static partial Regex PoolNames();
}
