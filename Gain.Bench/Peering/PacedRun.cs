using System.Runtime.InteropServices;
using Gain.Bench.Racing;
using Gain.Bench.Tools;
using HdrHistogram;

namespace Gain.Bench.Peering;

/// <summary>Servers at a fixed rate of messages: the time of each counts from when it was due.</summary>
/// <param name="load">Runs the open-loop generator.</param>
/// <param name="serverCpu">The CPU of the servers.</param>
internal sealed class PacedRun(LoadRun load, int serverCpu)
{
    /// <summary>Messages of 64 bytes a second, over all connections.</summary>
    public const int Rate = 20_000;

    private const int Connections = 64;
    private const long MostNs = 10_000_000_000;
    private const int Digits = 3;

    public async Task<PacedRound> RunAsync(Peer peer, int number, CancellationToken cancellation)
    {
        string record = Path.Combine(Repository.BuildFolder("files"), "paced.bin");
        try
        {
            await using RunningServer server = await RunningServer.StartAsync(
                peer.Contender, LoadKind.All["echo64"], serverCpu, Floor, cancellation);
            PacedReport report = await load.RunAsync<PacedReport>(
                "echo", ["-r", $"{Rate}", "-o", record, "-c", $"{Connections}", "-s", "64"], server,
                cancellation);
            return Sum(peer.Name, number, report, record);
        }
        catch (BenchException failure)
        {
            return new PacedRound(peer.Name, number, 0, 0, 0, 0, 0, failure.Message);
        }
    }

    /// <summary>The compiled floor.</summary>
    public required string Floor { private get; init; }

    private static PacedRound Sum(string server, int number, PacedReport report, string record)
    {
        var histogram = new LongHistogram(MostNs, Digits);
        foreach (uint ns in MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(record)))
        {
            histogram.RecordValue(ns);
        }

        return new PacedRound(
            server, number, At(50), At(99), At(99.9), At(100), report.ServerCpuShare,
            report.Errors > 0 ? $"{report.Errors} errors" : null);

        double At(double percentile) => histogram.GetValueAtPercentile(percentile) / 1_000.0;
    }
}
