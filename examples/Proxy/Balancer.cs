using Gain.Proxy.Configuration;
using Gain.Proxy.Listening;
using Gain.Proxy.Pools;
using Gain.Proxy.Relaying;
using Gain.Proxy.Status;

namespace Gain.Proxy;

/// <summary>
/// The listeners, the pools, and what keeps them. Everything here runs on one thread at a time; workers see
/// whole arrays and tables that are replaced.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly PoolSet _pools;
    private readonly ProxyListeners _listeners;
    private readonly ProxyMetrics _metrics;
    private PoolKeeper[] _keepers = [];
    private ProxySection _section;
    private bool _isStopping;

    private Balancer(ProxySection section, PoolSet pools, GainServer server, ProxyListeners listeners)
    {
        _section = section;
        _pools = pools;
        _listeners = listeners;
        _metrics = new ProxyMetrics(pools);
        Server = server;
        Keep();
    }

    public GainServer Server { get; }

    /// <summary>Looks names up, and listens.</summary>
    /// <exception cref="GainException">An address cannot be listened on, or a value is
    /// impossible.</exception>
    public static async Task<Balancer> StartAsync(ProxySection section)
    {
        var pools = new PoolSet { Pools = await MakePoolsAsync(section, []) };
        Array.ForEach(pools.Pools, pool => pool.TakeOver(before: null));
        Entrance[] entrances = Array.ConvertAll(
            section.Listeners,
            listener => new Entrance(RoutesOf(listener, pools.Pools), section.Timeouts.Hello));
        var added = new EntranceTable();
        GainServer server = Start(section, pools, entrances, added);
        OpenListener[] started = Started(section, entrances, server);
        return new Balancer(
            section,
            pools,
            server,
            new ProxyListeners(server, started, added, section.Timeouts.Hello));
    }

    /// <summary>Puts another file in effect: relays that are open go on as they are.</summary>
    /// <exception cref="ConfigurationException">It differs in what is read at the start alone, or a listener
    /// cannot be opened; nothing has changed.</exception>
    public async Task ReloadAsync(ProxySection section)
    {
        string[] fixedKeys = RestartRules.Changed(_section, section);
        if (fixedKeys.Length != 0)
        {
            throw new ConfigurationException(
                $"{string.Join(", ", fixedKeys)} changed, which needs a restart; pools and listeners can "
                + "change while it runs");
        }

        ListenerPlan plan = _listeners.Plan(section.Listeners);

        await StopKeepingAsync();
        try
        {
            Pool[] pools = await MakePoolsAsync(section, _pools.Pools);
            Routes[] routes = Array.ConvertAll(section.Listeners, listener => RoutesOf(listener, pools));
            OpenListener[] all = await _listeners.AddAsync(plan, section.Listeners, routes);

            // From here on nothing can fail.
            _listeners.Lead(all, routes);
            foreach (Pool pool in pools)
            {
                pool.TakeOver(_pools.Find(pool.Name));
            }

            _pools.Pools = pools;
            _section = section;
        }
        finally
        {
            Keep();
        }

        await _listeners.EndAsync(plan.Gone);
        Array.ForEach(plan.Gone, one => Messages.Write($"no longer listens on {one.Name}"));
    }

    public async ValueTask DisposeAsync()
    {
        await StopKeepingAsync();
        await Server.DisposeAsync();
        _metrics.Dispose();
    }

    /// <summary>
    /// A stop has begun: nothing is checked anymore, as a stop waits for the connections of checks, too. May
    /// be called on any thread.
    /// </summary>
    public void EndChecks()
    {
        lock (_gate)
        {
            _isStopping = true;
            Array.ForEach(_keepers, keeper => keeper.End());
        }
    }

    private async Task StopKeepingAsync()
    {
        PoolKeeper[] keepers;
        lock (_gate)
        {
            keepers = _keepers;
            _keepers = [];
        }

        foreach (PoolKeeper keeper in keepers)
        {
            await keeper.DisposeAsync();
        }
    }

    private void Keep()
    {
        lock (_gate)
        {
            _keepers = _isStopping
                ? []
                : Array.ConvertAll(_pools.Pools, pool => new PoolKeeper(pool, Server));
        }
    }

    private static async Task<Pool[]> MakePoolsAsync(ProxySection section, Pool[] before)
    {
        Pool[] pools =
        [
            .. from entry in section.Pools
               let same = before.FirstOrDefault(pool => pool.Name == entry.Key)
               select new Pool(entry.Key, entry.Value, same),
        ];
        await Task.WhenAll(pools.Select(pool => Resolver.ResolveAsync(pool, CancellationToken.None)));
        return pools;
    }

    private static Routes RoutesOf(ListenerSection listener, Pool[] pools)
    {
        Dictionary<string, Pool> byName = pools.ToDictionary(pool => pool.Name);
        return new Routes(
            listener.Pool is { } pool ? byName[pool] : null,
            listener.Names?.ToDictionary(name => name.Key, name => byName[name.Value]));
    }

    // UseProxyProtocol is for what was given before: those without a header come last.
    private static int[] OrderOf(ProxySection section) =>
    [
        .. Enumerable.Range(0, section.Listeners.Length)
            .OrderBy(i => section.Listeners[i].ProxyProtocol is null),
    ];

    private static OpenListener[] Started(ProxySection section, Entrance[] entrances, GainServer server)
    {
        // As they are bound, where each is bound to one address: port 0 may be there several times.
        int[] order = OrderOf(section);
        IReadOnlyList<string> bound = server.Addresses;
        bool areBound = bound.Count == order.Length + (section.Status is null ? 0 : 1);
        var started = new OpenListener[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            int i = order[place];
            ListenerSection listener = section.Listeners[i];
            started[i] = new OpenListener(
                listener, entrances[i], areBound ? bound[place] : listener.Address);
        }

        return started;
    }

    private static GainServer Start(
        ProxySection section, PoolSet pools, Entrance[] entrances, EntranceTable added)
    {
        GainServerBuilder<Client>? builder = null;
        foreach (int i in OrderOf(section))
        {
            ListenerSection listener = section.Listeners[i];
            var client = new Client(entrances[i], added);
            builder = builder?.Listen(client, listener.Address)
                ?? GainServer.Listen(client, listener.Address);
            if (listener.ProxyProtocol is { } proxy)
            {
                builder = builder.UseProxyProtocol(OptionsOf(proxy));
            }
        }

        GainOptions options = OptionsOf(section);
        var dials = new DialOptions { ConnectTimeout = section.Timeouts.Connect };
        var dialling = builder!.Dial(new Upstream(), dials).Dial(new Probe());
        return section.Status is { } status
            ? dialling.Listen(new StatusPage(pools), status).Start(options)
            : dialling.Start(options);
    }

    private static ProxyProtocolOptions OptionsOf(ProxyProtocolSection section)
    {
        var options = new ProxyProtocolOptions
        {
            AcceptsDirectClients = section.AcceptsDirectClients,
            HeaderTimeout = section.HeaderTimeout,
        };
        Array.ForEach(section.Trusted, options.TrustedNetworks.Add);
        return options;
    }

    private static GainOptions OptionsOf(ProxySection section)
    {
        int buffer = section.Limits.BufferBytes;
        var options = new GainOptions
        {
            Ring = Enum.Parse<GainRing>(section.Ring, ignoreCase: true),
            Limits =
            {
                MaxConnections = section.Limits.MaxConnections,
                MaxConnectionsPerAddress = section.Limits.MaxConnectionsPerAddress,
                OutboundHighWatermarkBytes = buffer,
                OutboundLowWatermarkBytes = buffer / 4,
            },
            Timeouts =
            {
                Idle = section.Timeouts.Idle ?? Timeout.InfiniteTimeSpan,
                HalfClose = section.Timeouts.HalfClose ?? Timeout.InfiniteTimeSpan,
                Drain = section.Timeouts.Drain,
            },
        };
        options.WorkerCount = section.Workers ?? options.WorkerCount;
        return options;
    }
}
