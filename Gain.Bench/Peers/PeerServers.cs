namespace Gain.Bench.Peers;

/// <summary>The servers by their names: each runs until its process is ended.</summary>
internal static class PeerServers
{
    public static readonly IReadOnlyDictionary<string, Func<bool, int, Task>> All =
        new Dictionary<string, Func<bool, int, Task>>
        {
            ["kestrel"] = KestrelServer.RunAsync,
            ["minimal-api"] = MinimalApiServer.RunAsync,
            ["event-args"] = EventArgsServer.RunAsync,
            ["dotnetty"] = DotNettyServer.RunAsync,
        };
}
