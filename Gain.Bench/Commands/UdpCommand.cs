using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>udp</c>: an echo of datagrams against one in plain C, in paired rounds.</summary>
internal static class UdpCommand
{
    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each server runs.", 7, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(3);

    private static readonly Option<double> s_warmUp = Options.WarmUp(1);

    private static readonly Option<string> s_loads = new("--loads")
    {
        Description = $"Which loads, separated by commas: {string.Join(", ", LoadKind.Datagrams.Keys)}.",
        DefaultValueFactory = _ => string.Join(',', LoadKind.Datagrams.Keys),
    };

    private static readonly Option<string> s_ring = new("--ring")
    {
        Description = "What Gain waits with: uring or epoll.",
        DefaultValueFactory = _ => Contender.Uring,
    };

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    public static Command Create()
    {
        var command = new Command("udp", "Echoes datagrams in paired rounds, against a loop in plain C.")
        {
            s_rounds, s_seconds, s_warmUp, s_loads, s_ring, s_serverCpu, s_loadCpu, s_gain,
        };
        s_ring.AcceptOnlyFromAmong(Contender.Uring, "epoll");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadKind[] kinds = LoadKind.Parse(parsed.GetValue(s_loads)!, LoadKind.Datagrams);
        NativePrograms programs = await NativePrograms.CompileDatagramsAsync(cancellation);
        string ring = parsed.GetValue(s_ring)!;
        string gain = await GainProgram.FindOrPublishAsync(parsed.GetValue(s_gain), cancellation);
        Contender[] contenders =
        [
            new(Contender.FloorName, "{floor} {port} each"),
            Contender.Gain(gain, ring, "--network udp --each-datagram") with { Name = "gain-each" },
            new("floor-runs", "{floor} {port} runs"),
            Contender.Gain(gain, ring, "--network udp"),
        ];
        var load = new LoadRun(
            programs.Load, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        var race = new Race(
            contenders, load, programs.Floor, parsed.GetValue(s_rounds), parsed.GetValue(s_serverCpu));
        foreach (LoadKind kind in kinds)
        {
            await race.RunAsync(kind, cancellation);
        }

        Console.WriteLine(Machine.Describe());
        RaceTable.Print(race.Rounds, Console.Out);
        return race.Rounds.All(round => round.Counts) ? 0 : 1;
    }
}
