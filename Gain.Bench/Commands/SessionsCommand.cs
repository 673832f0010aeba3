using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>sessions</c>: sessions against callbacks, in one program.</summary>
internal static class SessionsCommand
{
    private const string Callback = "callback";
    private const int IdleConnections = 10_000;

    // What is resident beyond them is that of callbacks, too.
    private static readonly string[] s_alike = [Callback, "session", "helper"];

    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each server runs.", 9, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(2);

    private static readonly Option<double> s_warmUp = Options.WarmUp(0.5);

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    public static Command Create()
    {
        var command = new Command("sessions", "Races sessions against callbacks: CPU, bytes and memory.")
        {
            s_rounds, s_seconds, s_warmUp, s_serverCpu, s_loadCpu,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string program = await GainProgram.PublishOwnAsync("Sessions", "gain-sessions", cancellation);
        int serverCpu = parsed.GetValue(s_serverCpu);
        var load = new LoadRun(
            programs.Load, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        Contender[] alike = [.. s_alike.Select(kind => Of(program, kind))];
        Contender[] away = [Of(program, Callback), Of(program, "away")];
        var race = new Race([.. alike, away[1]], load, programs.Floor, parsed.GetValue(s_rounds), serverCpu);
        Machine machine = Machine.Describe();
        foreach (string name in new[] { "http", "echo64", "echo16k" })
        {
            await race.RunAsync(LoadKind.All[name], alike, cancellation);
        }

        await race.RunAsync(LoadKind.All["echo1"], away, cancellation);
        Console.WriteLine(machine);
        RaceTable.Print(race.Rounds, Console.Out, Callback);
        var table = new TextTable("server", "messages", "bytes allocated for them", "bytes/idle connection");
        bool isClean = race.Rounds.All(round => round.Counts);
        foreach (Contender contender in alike)
        {
            // Each connection's session is an object, and used again: a second load adds none.
            (long once, long first) = await CountBytesAsync(
                contender, load, serverCpu, programs.Floor, times: 1, cancellation);
            (long twice, long both) = await CountBytesAsync(
                contender, load, serverCpu, programs.Floor, times: 2, cancellation);
            long messages = once + twice, allocated = both - first;
            double idle = await HoldIdleAsync(contender, load, serverCpu, programs.Floor, cancellation);
            table.Add(contender.Name, $"{messages:N0}", $"{allocated:N0}", $"{idle:N0}");
            isClean &= allocated == 0;
        }

        table.Print(Console.Out);
        return isClean ? 0 : 1;
    }

    private static Contender Of(string program, string kind) =>
        new(kind, $"\"{program}\" {kind} {{handler}} {{port}}");

    // Over the pipelined load: a million messages take about a second.
    private static async Task<(long Messages, long Allocated)> CountBytesAsync(
        Contender contender, LoadRun load, int cpu, string floor, int times, CancellationToken cancellation)
    {
        LoadKind kind = LoadKind.All["pipelined"];
        await using RunningServer server = await RunningServer.StartAsync(
            contender, kind, cpu, floor, cancellation);
        long messages = 0;
        for (int i = 0; i < times; i++)
        {
            LoadReport report = await load.RunAsync<LoadReport>(
                kind.Mode, kind.Arguments, server, cancellation);
            messages += report.Messages;
        }

        return (
            messages, ServerSummary.AllocatedBytes(await ServerSummary.StopAsync(server, cancellation)));
    }

    private static async Task<double> HoldIdleAsync(
        Contender contender, LoadRun load, int cpu, string floor, CancellationToken cancellation)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            contender, LoadKind.All["echo64"], cpu, floor, cancellation);
        IdleReport report = await (load with { Seconds = 1, WarmUp = 1 }).RunAsync<IdleReport>(
            "idle", ["-c", $"{IdleConnections}"], server, cancellation);
        return report.UserBytesPerConnection;
    }
}
