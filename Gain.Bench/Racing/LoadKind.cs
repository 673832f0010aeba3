namespace Gain.Bench.Racing;

/// <summary>One way to load a server.</summary>
/// <param name="Name">What the command line and the table call it.</param>
/// <param name="Handler">What the server has to serve: http or echo.</param>
/// <param name="Mode">The generator's mode.</param>
/// <param name="Arguments">The generator's arguments.</param>
internal sealed record LoadKind(string Name, string Handler, string Mode, string[] Arguments)
{
    /// <summary>All loads, by name.</summary>
    public static IReadOnlyDictionary<string, LoadKind> All { get; } = new LoadKind[]
    {
        new("http", "http", "http", ["-c", "64", "-p", "1"]),
        new("pipelined", "http", "http", ["-c", "512", "-p", "16"]),
        new("echo64", "echo", "echo", ["-c", "64", "-s", "64"]),
        new("echo1", "echo", "echo", ["-c", "1", "-s", "64"]),
        new("echo16k", "echo", "echo", ["-c", "16", "-s", "16000"]),
        new("churn", "echo", "churn", ["-c", "16", "-s", "64"]),
    }.ToDictionary(load => load.Name);

    /// <summary>The loads that a race runs when none is named.</summary>
    public const string Usual = "http,pipelined,echo64,echo1,echo16k";

    /// <summary>Reads a list of names, separated by commas.</summary>
    /// <exception cref="BenchException">There is no load of such a name.</exception>
    public static LoadKind[] Parse(string names) =>
    [
        .. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => All.TryGetValue(name, out LoadKind? load)
                ? load
                : throw new BenchException($"There is no load {name}: take {string.Join(", ", All.Keys)}.")),
    ];
}
