using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>tls</c>: Gain.Tls against nginx, HAProxy, SslStream and Kestrel, in paired rounds.</summary>
internal static class TlsCommand
{
    private const int IdleConnections = 5_000;

    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each server runs.", 7, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(2);

    private static readonly Option<double> s_warmUp = Options.WarmUp(1);

    private static readonly Option<string> s_loads = new("--loads")
    {
        Description = $"Which loads, separated by commas: {string.Join(", ", LoadKind.Secure.Keys)}.",
        DefaultValueFactory = _ => string.Join(',', LoadKind.Secure.Keys),
    };

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    public static Command Create()
    {
        var command = new Command("tls", "Races servers of HTTP over TLS 1.3, on the same OpenSSL.")
        {
            s_rounds, s_seconds, s_warmUp, s_loads, s_serverCpu, s_loadCpu,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadKind[] kinds = LoadKind.Parse(parsed.GetValue(s_loads)!, LoadKind.Secure);
        string generator = await NativePrograms.CompileSecureAsync(cancellation);
        string gain = await GainProgram.PublishOwnAsync("Secure", "gain-secure", cancellation);
        string peers = await GainProgram.PublishOwnAsync("Peers", "gain-peers.dll", cancellation);
        SecureContenders secure = SecureContenders.Create();
        int serverCpu = parsed.GetValue(s_serverCpu);
        var load = new LoadRun(
            generator, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        var race = new Race([], load, "", parsed.GetValue(s_rounds), serverCpu);
        Machine machine = Machine.Describe();
        foreach (LoadKind kind in kinds)
        {
            await race.RunAsync(kind, secure.All(gain, peers, kind), cancellation);
        }

        Console.WriteLine(machine);
        RaceTable.Print(race.Rounds, Console.Out, SecureContenders.Nginx);
        var table = new TextTable("server", "bytes/idle connection");
        LoadKind small = LoadKind.Secure["secure13"];
        foreach (Contender contender in secure.All(gain, peers, small))
        {
            await using RunningServer server = await RunningServer.StartAsync(
                contender, small, serverCpu, "", cancellation);
            IdleReport report = await (load with { Seconds = 1, WarmUp = 1 }).RunAsync<IdleReport>(
                "idle", ["-c", $"{IdleConnections}"], server, cancellation);
            table.Add(contender.Name, $"{report.UserBytesPerConnection:N0}");
        }

        table.Print(Console.Out);
        return race.Rounds.All(round => round.Counts) ? 0 : 1;
    }
}
