using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>race</c>: servers against the floor, in paired rounds.</summary>
internal static class RaceCommand
{
    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each server runs.", 7, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(3);

    private static readonly Option<double> s_warmUp = Options.WarmUp(1);

    private static readonly Option<string> s_loads = new("--loads")
    {
        Description = $"Which loads, separated by commas: {string.Join(", ", LoadKind.All.Keys)}.",
        DefaultValueFactory = _ => LoadKind.Usual,
    };

    private static readonly Option<string> s_ring = new("--ring")
    {
        Description = "What the floor and Gain wait with: uring or epoll.",
        DefaultValueFactory = _ => Contender.Uring,
    };

    private static readonly Option<string?> s_floorRing = new("--floor-ring")
    {
        Description = "What the floor waits with, when it is to be another than Gain.",
    };

    private static readonly Option<string> s_gainArguments = new("--gain-arguments")
    {
        Description = "Further arguments of Gain's program, such as \"--architecture reactor\".",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string[]> s_servers = new("--server")
    {
        Description = "One more server, as NAME=COMMAND; {port}, {handler} and {floor} are replaced.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    private static readonly Option<FileInfo?> s_json = new("--json")
    {
        Description = "A file for the raw results.",
    };

    public static Command Create()
    {
        var command = new Command("race", "Runs servers in paired rounds, and prints each against the floor.")
        {
            s_rounds, s_seconds, s_warmUp, s_loads, s_ring, s_floorRing,
            s_gainArguments, s_servers, s_serverCpu, s_loadCpu, s_gain, s_json,
        };
        s_ring.AcceptOnlyFromAmong(Contender.Uring, "epoll");
        s_floorRing.AcceptOnlyFromAmong(Contender.Uring, "epoll");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadKind[] kinds = LoadKind.Parse(parsed.GetValue(s_loads)!, LoadKind.All);
        Contender[] added = [.. parsed.GetValue(s_servers)!.Select(Contender.Parse)];
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string gain = await GainProgram.FindOrPublishAsync(parsed.GetValue(s_gain), cancellation);
        string ring = parsed.GetValue(s_ring)!;
        Contender[] contenders =
        [
            Contender.Floor(parsed.GetValue(s_floorRing) ?? ring),
            Contender.Gain(gain, ring, parsed.GetValue(s_gainArguments)!),
            .. added,
        ];
        if (contenders.DistinctBy(contender => contender.Name).Count() != contenders.Length)
        {
            throw new BenchException("Two servers have the same name; floor and gain are taken.");
        }

        var load = new LoadRun(
            programs.Load, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        var race = new Race(
            contenders, load, programs.Floor, parsed.GetValue(s_rounds), parsed.GetValue(s_serverCpu));
        var machine = Machine.Describe();
        foreach (LoadKind kind in kinds)
        {
            await race.RunAsync(kind, cancellation);
        }

        Console.WriteLine(machine);
        RaceTable.Print(race.Rounds, Console.Out);
        if (parsed.GetValue(s_json) is FileInfo file)
        {
            await new RaceFile(machine, load.Seconds, load.WarmUp, contenders, race.Rounds)
                .WriteAsync(file, cancellation);
        }

        return race.Rounds.All(round => round.Counts) ? 0 : 1;
    }
}
