namespace Gain.Proxy.Configuration;

/// <summary>The whole file.</summary>
internal sealed record ProxySection
{
    /// <summary>Threads that relay; as many as there are CPUs when not given.</summary>
    public int? Workers { get; set; }

    /// <summary>What the workers wait with: auto, uring or epoll.</summary>
    public string Ring { get; set; } = "auto";

    /// <summary>Where the state of the backends can be read, as a listener's address; none by
    /// default.</summary>
    public string? Status { get; set; }

    public LimitsSection Limits { get; set; } = new();

    public TimeoutsSection Timeouts { get; set; } = new();

    public ListenerSection[] Listeners { get; set; } = [];

    public Dictionary<string, PoolSection> Pools { get; set; } = [];
}
