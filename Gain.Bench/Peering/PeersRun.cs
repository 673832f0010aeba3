using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Peering;

/// <summary>Measures servers beside each other.</summary>
/// <param name="peers">The servers.</param>
/// <param name="load">Runs the closed loop.</param>
/// <param name="paced">The compiled open loop.</param>
/// <param name="floor">The compiled floor.</param>
internal sealed class PeersRun(IReadOnlyList<Peer> peers, LoadRun load, string paced, string floor)
{
    private const int IdleConnections = 10_000;

    /// <summary>How often each server runs.</summary>
    public required int Rounds { private get; init; }

    /// <summary>The CPU of the servers.</summary>
    public required int ServerCpu { private get; init; }

    /// <param name="kinds">The closed loops.</param>
    /// <param name="closedOnly">Whether the open loop and the idle connections are left out.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<PeersFile> MeasureAsync(
        LoadKind[] kinds, bool closedOnly, CancellationToken cancellation)
    {
        var race = new Race([.. peers.Select(peer => peer.Contender)], load, floor, Rounds, ServerCpu);
        Machine machine = Machine.Describe();
        foreach (LoadKind kind in kinds)
        {
            Contender[] racing = [.. peers.Where(peer => peer.Serves(kind)).Select(peer => peer.Contender)];
            await race.RunAsync(kind, racing, cancellation);
        }

        return new PeersFile(
            machine,
            load.Seconds,
            load.WarmUp,
            [.. peers.Select(peer => new PeerEntry(peer.Name, peer.What, peer.Version))],
            race.Rounds,
            closedOnly ? [] : await HoldIdleAsync(cancellation),
            closedOnly ? [] : await PaceAsync(cancellation));
    }

    private async Task<List<IdleRow>> HoldIdleAsync(CancellationToken cancellation)
    {
        var rows = new List<IdleRow>();
        LoadRun resting = load with { Seconds = 5, WarmUp = 1 };
        foreach (Peer peer in peers)
        {
            rows.Add(await HoldIdleAsync(peer, resting, cancellation));
            Console.Error.WriteLine($"idle {peer.Name}: {rows[^1].BytesPerConnection:N0} bytes");
        }

        return rows;
    }

    private async Task<IdleRow> HoldIdleAsync(Peer peer, LoadRun resting, CancellationToken cancellation)
    {
        try
        {
            LoadKind kind = LoadKind.All[peer.Handlers.Contains("echo") ? "echo64" : "http"];
            await using RunningServer server = await RunningServer.StartAsync(
                peer.Contender, kind, ServerCpu, floor, cancellation);
            IdleReport report = await resting.RunAsync<IdleReport>(
                "idle", ["-c", $"{IdleConnections}"], server, cancellation);
            string? failure = report.Opened < IdleConnections ? $"only {report.Opened} were opened" : null;
            return new IdleRow(
                peer.Name,
                report.Opened,
                report.UserBytesPerConnection,
                report.RssKb,
                report.IdleCpuTicks,
                failure);
        }
        catch (BenchException failure)
        {
            return new IdleRow(peer.Name, IdleConnections, 0, 0, 0, failure.Message);
        }
    }

    private async Task<List<PacedRound>> PaceAsync(CancellationToken cancellation)
    {
        var pacing = new PacedRun(load with { Program = paced }, ServerCpu) { Floor = floor };
        var results = new List<PacedRound>();
        Peer[] echoing = [.. peers.Where(peer => peer.Handlers.Contains("echo"))];
        for (int number = 1; number <= Rounds; number++)
        {
            for (int i = 0; i < echoing.Length; i++)
            {
                Peer peer = echoing[(i + number - 1) % echoing.Length];
                results.Add(await pacing.RunAsync(peer, number, cancellation));
                Console.Error.WriteLine($"paced {number}/{Rounds} {peer.Name}: {results[^1].P99Us:N0} us");
            }
        }

        return results;
    }
}
