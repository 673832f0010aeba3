namespace Gain.MutationTester;

/// <summary>
/// Which fixtures judge the mutants of a folder: first those that run in this process alone, then those that
/// start servers. A name stands for the fixtures of a namespace, or for one.
/// </summary>
internal static class FixtureTable
{
    private const string Generator = "Gain.Tests.Generator";
    private const string Servers = "Gain.Tests.Server";
    private const string Tls = "Gain.Tls.Tests";

    /// <summary>The folders of the projects that have fixtures of the table.</summary>
    public static readonly string[] Projects =
        ["Gain.Tests", "Gain.Analyzers.Tests", "Gain.Server.Tests", "extensions/Gain.Tls.Tests"];

    private static readonly string[] s_servers =
    [
        Servers, "Gain.Tests.Server.Datagrams", "Gain.Tests.Server.SocketOptions",
        "Gain.Tests.Server.Overload", "Gain.Tests.Server.Dialling", "Gain.Tests.Server.Proxies",
        "Gain.Tests.Server.Sessions",
    ];

    // Whole servers with a layer: nothing else has one.
    private static readonly string[] s_layered = [.. s_servers, Tls, "Gain.Tls.Tests.Server"];

    private static readonly string[] s_engine =
        ["Gain.Tests.Connections", "Gain.Tests.Connections.Interleavings", "Gain.Tests.Workers",
        "Gain.Tests.Simulation", "Gain.Tests.Simulation.Datagrams"];

    // They judge other folders too: of each that maps pages, NativePagesTests want them back.
    private static readonly string[] s_rings = ["Gain.Tests.Rings"];
    private static readonly string[] s_sockets = ["Gain.Tests.Net"];

    /// <summary>The folders that can be mutated.</summary>
    public static readonly IReadOnlyDictionary<string, (string[] Fast, string[] Slow)> Folders =
        new SortedDictionary<string, (string[] Fast, string[] Slow)>(StringComparer.Ordinal)
        {
            ["Gain.Runtime/CompilerServices"] = (s_engine, s_servers),
            ["Gain.Runtime/Datagrams"] = ([.. s_engine, .. s_rings], s_servers),
            ["Gain.Runtime/Handles"] = ([.. s_engine, "Gain.Tests.Proxies"], s_servers),
            ["Gain.Runtime/Layers"] = (s_engine, s_layered),
            ["Gain.Runtime/Mail"] = (s_engine, s_servers),
            ["Gain.Runtime/Memory"] = ([.. s_engine, .. s_rings], s_servers),
            ["Gain.Runtime/Rings"] = ([.. s_rings, .. s_engine], s_servers),
            ["Gain.Runtime/Slots"] = ([.. s_engine, .. s_rings], s_servers),
            ["Gain.Runtime/Sockets"] = ([.. s_sockets, .. s_rings], s_servers),
            ["Gain.Runtime/Workers"] = (s_engine, s_layered),
            ["Gain.Runtime/Writing"] = (s_engine, s_layered),
            ["Gain.Generators/Emitting"] = ([Generator], []),
        };

    // They load the machine, or start processes, and take longer than what they would notice is worth. The
    // last ones read the sources, which are others here.
    private static readonly string[] s_left =
    [
        "Gain.Tests.Server.OutboundPropertyTests", "Gain.Tests.Net.ParserFuzzTests",
        "Gain.Tests.Simulation.DefectTests",
    ];

    public static string FolderOf(string file) => file[..file.IndexOf('/', file.IndexOf('/') + 1)];

    /// <summary>The project of a namespace, a fixture or a test.</summary>
    public static string ProjectOf(string test) =>
        test.StartsWith(Generator, StringComparison.Ordinal) ? Projects[1]
        : test.StartsWith(Servers, StringComparison.Ordinal) ? Projects[2]
        : test.StartsWith(Tls, StringComparison.Ordinal) ? Projects[3]
        : Projects[0];

    public static bool LeavesOut(string test) =>
        s_left.Any(fixture => test.StartsWith(fixture, StringComparison.Ordinal));

    /// <summary>The namespaces that judge these folders, each once.</summary>
    public static IEnumerable<string> NamespacesOf(IEnumerable<string> folders) =>
        folders.SelectMany(folder => Folders[folder].Fast.Concat(Folders[folder].Slow)).Distinct();
}
