using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>relay</c>: examples/Proxy against HAProxy and nginx, in paired rounds.</summary>
internal static class RelayCommand
{
    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each balancer runs.", 7, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(2);

    private static readonly Option<double> s_warmUp = Options.WarmUp(0.5);

    private static readonly Option<string> s_loads = new("--loads")
    {
        Description = $"Which loads, separated by commas: {string.Join(", ", LoadKind.Relays.Keys)}.",
        DefaultValueFactory = _ => string.Join(',', LoadKind.Relays.Keys),
    };

    private static readonly Option<string> s_ring = new("--ring")
    {
        Description = "What Gain waits with: uring or epoll.",
        DefaultValueFactory = _ => Contender.Uring,
    };

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = new("--gain")
    {
        Description = "The published examples/Proxy program; it is published when not given.",
    };

    private static readonly Option<FileInfo?> s_json = new("--json")
    {
        Description = "A file for the raw results.",
    };

    public static Command Create()
    {
        var command = new Command("relay", "Relays echoes in paired rounds, against HAProxy and nginx.")
        {
            s_rounds, s_seconds, s_warmUp, s_loads, s_ring, s_serverCpu, s_loadCpu, s_gain, s_json,
        };
        s_ring.AcceptOnlyFromAmong(Contender.Uring, "epoll");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadKind[] kinds = LoadKind.Parse(parsed.GetValue(s_loads)!, LoadKind.Relays);
        NativePrograms programs = await NativePrograms.CompileRelayAsync(cancellation);
        string gain = await GainProgram.FindOrPublishProxyAsync(parsed.GetValue(s_gain), cancellation);
        int loadCpu = parsed.GetValue(s_loadCpu);

        // The backend is on the CPU of the load: what it takes does not count for the balancers.
        await using RunningServer backend = await RunningServer.StartAsync(
            Contender.Floor() with { Name = "backend" }, kinds[0], loadCpu, programs.Floor, cancellation);
        Contender[] contenders =
        [
            RelayContenders.OfHAProxy(backend.Port),
            RelayContenders.OfHAProxy(backend.Port, "haproxy-splice", "option splice-auto"),
            RelayContenders.OfNginx(backend.Port),
            RelayContenders.Gain(gain, backend.Port, parsed.GetValue(s_ring)!),
            RelayContenders.Gain(gain, backend.Port, parsed.GetValue(s_ring)!, splices: true),
        ];
        var load = new LoadRun(
            programs.Load, loadCpu, parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        var race = new Race(
            contenders, load, programs.Floor, parsed.GetValue(s_rounds), parsed.GetValue(s_serverCpu));
        var machine = Machine.Describe();
        foreach (LoadKind kind in kinds)
        {
            await race.RunAsync(kind, cancellation);
        }

        Console.WriteLine(machine);
        RaceTable.Print(race.Rounds, Console.Out, RelayContenders.HAProxy);
        if (parsed.GetValue(s_json) is FileInfo file)
        {
            await new RaceFile(machine, load.Seconds, load.WarmUp, contenders, race.Rounds)
                .WriteAsync(file, cancellation);
        }

        return race.Rounds.All(round => round.Counts) ? 0 : 1;
    }
}
