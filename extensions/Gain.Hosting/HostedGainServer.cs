namespace Gain.Hosting;

/// <summary>
/// A server that a host runs, by its name: a keyed service, as in
/// <c>services.GetRequiredKeyedService&lt;HostedGainServer&gt;("echo")</c>.
/// </summary>
public sealed class HostedGainServer
{
    private volatile GainServer? _server;
    private volatile bool _isStopping;

    internal HostedGainServer(string name) => Name = name;

    /// <summary>The name that it was added by.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether clients should come: it listens, and no stop has begun, of the host or of the server. Any
    /// thread.
    /// </summary>
    public bool IsReady => _server is { IsRunning: true } && !_isStopping;

    /// <summary>The server itself: addresses, statistics, a stop. Any thread.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it yet.</exception>
    public GainServer Server => _server ?? throw new InvalidOperationException(
        $"The server \"{Name}\" is not started: it is when the host has started, as in "
        + "IHostApplicationLifetime.ApplicationStarted.");

    /// <summary>What the server has counted so far; zeros before the host has started it. Any
    /// thread.</summary>
    public GainStatistics Statistics => _server?.Statistics ?? default;

    internal void Begin(GainServer server) => _server = server;

    internal void BeginStop() => _isStopping = true;
}
