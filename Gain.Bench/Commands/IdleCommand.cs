using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>idle</c>: what a connection costs that does nothing.</summary>
internal static class IdleCommand
{
    // For the probe that waits for the server, and those that are still being closed.
    private const int SpareConnections = 64;

    private static readonly Option<int> s_connections = Options.Number(
        "--connections", "How many connections to hold.", 10_000, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(5);

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    public static Command Create()
    {
        var command = new Command("idle", "Holds idle connections: memory for each, and CPU time for all.")
        {
            s_connections, s_seconds, s_serverCpu, s_loadCpu, s_gain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        int connections = parsed.GetValue(s_connections);
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string gain = await GainProgram.FindOrPublishAsync(parsed.GetValue(s_gain), cancellation);
        string roomy = $"{Contender.Gain(gain).Command} --max-connections {connections + SpareConnections}";
        Contender[] contenders = [Contender.Floor(), Contender.Gain(gain) with { Command = roomy }];
        var load = new LoadRun(
            programs.Load, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), WarmUp: 1);
        var table = new TextTable(
            "server", "connections", "connects/s", "RSS KiB before", "RSS KiB", "bytes/connection", "seconds",
            "CPU ticks");
        bool isClean = true;
        foreach (Contender contender in contenders)
        {
            await using RunningServer server = await RunningServer.StartAsync(
                contender,
                LoadKind.All["echo64"],
                parsed.GetValue(s_serverCpu),
                programs.Floor,
                cancellation);
            IdleReport report = await load.RunAsync<IdleReport>(
                "idle", ["-c", connections.ToString()], server, cancellation);
            isClean &= report.Opened == connections && report.IdleCpuTicks == 0;
            table.Add(
                contender.Name,
                report.Opened.ToString("N0"),
                report.ConnectPerS.ToString("N0"),
                report.RssBeforeKb.ToString("N0"),
                report.RssKb.ToString("N0"),
                report.UserBytesPerConnection.ToString("0"),
                report.IdleSeconds.ToString("0.#"),
                report.IdleCpuTicks.ToString("0"));
        }

        Console.WriteLine(Machine.Describe());
        table.Print(Console.Out);
        if (!isClean)
        {
            Console.WriteLine("FAILED: connections could not be opened, or an idle server took CPU time.");
        }

        return isClean ? 0 : 1;
    }
}
