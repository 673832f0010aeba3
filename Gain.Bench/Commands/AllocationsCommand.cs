using System.CommandLine;
using System.Text.Json;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>allocations</c>: what a server under load leaves to the garbage collector.</summary>
internal static class AllocationsCommand
{
    private const double ChunkSeconds = 2;

    private static readonly Option<int> s_messages = Options.Number(
        "--messages", "How many messages to answer, at least.", 10_000_000, 1);

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    public static Command Create()
    {
        var command = new Command(
            "allocations", "Answers pipelined requests, and prints the server's own summary.")
        {
            s_messages, s_serverCpu, s_loadCpu, s_gain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        int wanted = parsed.GetValue(s_messages);
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string gain = await GainProgram.FindOrPublishAsync(parsed.GetValue(s_gain), cancellation);
        var load = new LoadRun(programs.Load, parsed.GetValue(s_loadCpu), ChunkSeconds, WarmUp: 0);
        LoadKind kind = LoadKind.All["pipelined"];
        await using RunningServer server = await RunningServer.StartAsync(
            Contender.Gain(gain), kind, parsed.GetValue(s_serverCpu), programs.Floor, cancellation);

        long messages = 0;
        while (messages < wanted)
        {
            LoadReport report = await load.RunAsync<LoadReport>(
                kind.Mode, kind.Arguments, server, cancellation);
            if (report.Errors > 0 || report.Messages == 0)
            {
                throw new BenchException(
                    $"{report.Errors} errors and {report.Messages} answers in {ChunkSeconds:0} s of load.");
            }

            messages += report.Messages;
        }

        JsonElement summary = await ServerSummary.StopAsync(server, cancellation);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"messages: {messages:N0}");
        Console.WriteLine($"summary:  {summary}");
        bool isClean = ServerSummary.AllocatedBytes(summary) == 0;
        Console.WriteLine(isClean ? "no allocation on the worker" : "FAILED: the worker has allocated");
        return isClean ? 0 : 1;
    }
}
