using System.Globalization;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Peering;

/// <summary>The page of the figures, made of the file alone.</summary>
internal static class PeersPage
{
    public const string Name = "README.md";

    private const string Introduction = """
        This page is made by `dotnet run -c Release --project Gain.Bench -- peers --write docs/benchmarks`,
        and again from its figures, [peers.json](peers.json), by `peers --from docs/benchmarks`.
        [Gain.Bench](../../Gain.Bench/README.md) has the method: paired rounds, the server on one CPU and the
        load on the other, every answer checked, medians, and ratios within the round with the least and the
        greatest. `ns/message` is the server's CPU time. What was tried and left is in
        [ring-options.md](ring-options.md).
        """;

    private const string OpenLoop = """
        An open loop over 64 connections: messages go out when they are due, whether or not earlier ones have
        come back, and the time of each counts from when it was due. Medians of the rounds.
        """;

    private static readonly (string Load, string Title)[] s_loads =
    [
        ("http", "HTTP, 64 connections, a request each"),
        ("pipelined", "HTTP, 512 connections, 16 requests together"),
        ("echo64", "Echo, 64 connections, 64 bytes"),
        ("echo1", "Echo, 1 connection, 64 bytes"),
        ("echo16k", "Echo, 16 connections, 16,000 bytes"),
        ("churn", "A connection for each message"),
        ("echo100c", "Echo, 100 connections, 64 bytes"),
        ("echo1000c", "Echo, 1,000 connections, 64 bytes"),
        ("echo5000c", "Echo, 5,000 connections, 64 bytes"),
        ("echo15000c", "Echo, 15,000 connections, 64 bytes"),
        ("get", "GET of Redis's protocol, 64 connections, 64 bytes"),
        ("get16", "GET of Redis's protocol, 64 connections, 16 requests together"),
        ("handshake", "TLS 1.3, a handshake for each request"),
        ("secure13", "HTTP over TLS 1.3, 64 connections, 13 bytes"),
        ("secure1M", "HTTP over TLS 1.3, 8 connections, 1 MiB"),
    ];

    public static string Render(PeersFile file)
    {
        var page = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        page.WriteLine("# Gain beside servers that people know");
        page.WriteLine();
        page.WriteLine(Introduction);
        page.WriteLine();
        page.WriteLine($"{file.Machine}. {file.Seconds:0.#} s a round after {file.WarmUp:0.#} s of warm-up.");
        page.WriteLine();
        var servers = new TextTable("server", "what", "version");
        foreach (PeerEntry peer in file.Peers)
        {
            servers.Add(peer.Name, peer.What, peer.Version.Length > 0 ? peer.Version : "-");
        }

        servers.Print(page);
        foreach ((string load, string title) in s_loads)
        {
            WriteLoad(page, title, load, [.. file.Rounds.Where(round => round.Load == load)]);
        }

        WritePaced(page, file.Paced);
        WriteIdle(page, file.Idle);
        return page.ToString();
    }

    private static void WriteLoad(StringWriter page, string title, string load, Round[] rounds)
    {
        if (rounds.Length == 0)
        {
            return;
        }

        page.WriteLine();
        page.WriteLine($"## {title}");
        page.WriteLine();
        page.WriteLine($"![CPU time of a message: {title}]({load}.svg)");
        page.WriteLine();

        // Where there is no floor, the one that people know is it.
        string[] known = [Contender.FloorName, SecureContenders.Nginx, PeerServers.Redis];
        RaceTable.Print(rounds, page, known.First(name => rounds.Any(round => round.Server == name)));
    }

    private static void WritePaced(StringWriter page, IReadOnlyList<PacedRound> rounds)
    {
        if (rounds.Count == 0)
        {
            return;
        }

        page.WriteLine();
        page.WriteLine($"## Latency at {PacedRun.Rate:N0} messages a second");
        page.WriteLine();
        page.WriteLine(OpenLoop);
        page.WriteLine();
        page.WriteLine("![p99 at a fixed rate](latency.svg)");
        page.WriteLine();
        var table = new TextTable("server", "p50 us", "p99 us", "p99.9 us", "max us", "CPU", "rounds");
        foreach (IGrouping<string, PacedRound> server in rounds.GroupBy(round => round.Server))
        {
            PacedRound[] counted = [.. server.Where(round => round.Failure is null)];
            table.Add(
            [
                server.Key,
                .. new Func<PacedRound, double>[] { r => r.P50Us, r => r.P99Us, r => r.P999Us, r => r.MaxUs }
                    .Select(figure => counted.Length == 0 ? "-" : $"{Median(counted, figure):N0}"),
                counted.Length == 0 ? "-" : $"{Median(counted, round => round.ServerCpuShare):0%}",
                $"{counted.Length}/{server.Count()}",
            ]);
        }

        table.Print(page);
        WriteFailures(page, rounds.Select(round => (round.Server, round.Failure)));
    }

    private static void WriteIdle(StringWriter page, IReadOnlyList<IdleRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        page.WriteLine();
        page.WriteLine($"## {rows[0].Connections:N0} idle connections");
        page.WriteLine();
        page.WriteLine("The growth of the server's resident memory, and the CPU time that it takes.");
        page.WriteLine();
        page.WriteLine("![Memory of an idle connection](idle.svg)");
        page.WriteLine();
        var table = new TextTable("server", "bytes/connection", "RSS KiB", "CPU ticks in 5 s");
        foreach (IdleRow row in rows)
        {
            bool counts = row.Failure is null;
            table.Add(
                row.Server,
                counts ? $"{row.BytesPerConnection:N0}" : "-",
                counts ? $"{row.RssKiB:N0}" : "-",
                counts ? $"{row.CpuTicks:0}" : "-");
        }

        table.Print(page);
        WriteFailures(page, rows.Select(row => (row.Server, row.Failure)));
    }

    private static void WriteFailures(StringWriter page, IEnumerable<(string Server, string? Failure)> all)
    {
        foreach ((string server, string? failure) in all)
        {
            if (failure is not null)
            {
                page.WriteLine();
                page.WriteLine($"FAILED, {server}: {failure}");
            }
        }
    }

    private static double Median(PacedRound[] rounds, Func<PacedRound, double> figure) =>
        Sample.Of(rounds.Select(figure)).Median;
}
