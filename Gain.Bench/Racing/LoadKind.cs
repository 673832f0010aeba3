namespace Gain.Bench.Racing;

/// <summary>One way to load a server.</summary>
/// <param name="Name">What the command line and the table call it.</param>
/// <param name="Handler">What the server has to serve: http or echo.</param>
/// <param name="Mode">The generator's mode.</param>
/// <param name="Arguments">The generator's arguments.</param>
internal sealed record LoadKind(string Name, string Handler, string Mode, string[] Arguments)
{
    /// <summary>Whether it sends datagrams.</summary>
    public bool IsDatagram { get; init; }

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

    /// <summary>
    /// All loads of datagrams, by name. No more are on their way than the default receive buffer of a socket
    /// holds, or losses would be measured.
    /// </summary>
    public static IReadOnlyDictionary<string, LoadKind> Datagrams { get; } = new LoadKind[]
    {
        Datagram("udp64", sockets: 16, each: 12, bytes: 64),
        Datagram("udp64x64", sockets: 64, each: 3, bytes: 64),
        Datagram("udp1", sockets: 1, each: 1, bytes: 64),
        Datagram("udp1200", sockets: 16, each: 4, bytes: 1_200),
    }.ToDictionary(load => load.Name);

    /// <summary>All loads of servers of Redis's protocol, by name.</summary>
    public static IReadOnlyDictionary<string, LoadKind> Stores { get; } = new LoadKind[]
    {
        new("get", "resp", "resp", ["-c", "64", "-s", "64"]),
        new("get16", "resp", "resp", ["-c", "64", "-p", "16", "-s", "64"]),
    }.ToDictionary(load => load.Name);

    /// <summary>All loads of relays, by name.</summary>
    public static IReadOnlyDictionary<string, LoadKind> Relays { get; } = new LoadKind[]
    {
        new("relay64", "echo", "echo", ["-c", "64", "-s", "64"]),
        new("relay16k", "echo", "echo", ["-c", "16", "-s", "16384"]),
        new("relay256k", "echo", "echo", ["-c", "4", "-s", "262144"]),
    }.ToDictionary(load => load.Name);

    /// <summary>All loads of TLS, by name: their servers are told the length of the body.</summary>
    public static IReadOnlyDictionary<string, LoadKind> Secure { get; } = new LoadKind[]
    {
        new("handshake", "13", "churn", ["-c", "16"]),
        new("secure13", "13", "http", ["-c", "64"]),
        new("secure1M", "1048576", "http", ["-c", "8"]),
    }.ToDictionary(load => load.Name);

    /// <summary>Ever more connections, each with one message on its way, by name.</summary>
    public static IReadOnlyDictionary<string, LoadKind> Growing { get; } =
        new[] { 100, 1_000, 5_000, 15_000 }
            .Select(count => new LoadKind($"echo{count}c", "echo", "echo", ["-c", $"{count}", "-s", "64"]))
            .ToDictionary(load => load.Name);

    /// <summary>The loads that a race runs when none is named.</summary>
    public const string Usual = "http,pipelined,echo64,echo1,echo16k";

    /// <summary>Reads a list of names, separated by commas.</summary>
    /// <exception cref="BenchException">There is no load of such a name.</exception>
    public static LoadKind[] Parse(string names, IReadOnlyDictionary<string, LoadKind> loads) =>
    [
        .. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => loads.TryGetValue(name, out LoadKind? load)
                ? load
                : throw new BenchException(
                    $"There is no load {name}: take {string.Join(", ", loads.Keys)}.")),
    ];

    private static LoadKind Datagram(string name, int sockets, int each, int bytes) =>
        new(name, "echo", "echo", ["-c", $"{sockets}", "-p", $"{each}", "-s", $"{bytes}"])
        {
            IsDatagram = true,
        };
}
