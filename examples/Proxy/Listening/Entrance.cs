using Gain.Proxy.Pools;

namespace Gain.Proxy.Listening;

/// <summary>What a listener's clients find: the routes, which are replaced when the file is read
/// again.</summary>
internal sealed class Entrance(Routes routes, TimeSpan helloTimeout)
{
    private volatile Routes _routes = routes;

    public TimeSpan HelloTimeout { get; } = helloTimeout;

    public Routes Routes
    {
        get => _routes;
        set => _routes = value;
    }
}
