using System.CommandLine;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>startup</c>: how long a server takes to its first connection, and how large it is.</summary>
internal static class StartupCommand
{
    private static readonly Option<int> s_runs = Options.Number(
        "--runs", "How often each server starts.", 20, 1);

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    public static Command Create()
    {
        var command = new Command("startup", "Times starts, from exec to the first connection.")
        {
            s_runs, s_serverCpu, s_gain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string gain = await GainProgram.FindOrPublishAsync(parsed.GetValue(s_gain), cancellation);
        var table = new TextTable(
            "server", "connect ms", "min-max", "first byte ms", "min-max", "binary bytes", "runs");
        (Contender Contender, string Program)[] servers =
        [
            (Contender.Floor(), programs.Floor), (Contender.Gain(gain), gain),
        ];
        var connected = servers.ToDictionary(server => server.Contender, _ => new List<double>());
        var answered = servers.ToDictionary(server => server.Contender, _ => new List<double>());

        // The first start of each reads the program from disk, and does not count.
        int runs = parsed.GetValue(s_runs);
        for (int run = 0; run <= runs; run++)
        {
            foreach ((Contender contender, _) in servers)
            {
                int port = Ports.FindFree();
                (List<string> words, _) = contender.Expand(
                    "echo", port, parsed.GetValue(s_serverCpu), programs.Floor);
                (TimeSpan toConnect, TimeSpan toAnswer) = await StartProbe.RunAsync(
                    words, port, cancellation);
                if (run > 0)
                {
                    connected[contender].Add(toConnect.TotalMilliseconds);
                    answered[contender].Add(toAnswer.TotalMilliseconds);
                }
            }
        }

        foreach ((Contender contender, string program) in servers)
        {
            Sample connect = Sample.Of(connected[contender]);
            Sample answer = Sample.Of(answered[contender]);
            table.Add(
                contender.Name,
                connect.Median.ToString("0.0"),
                $"{connect.Min:0.0}-{connect.Max:0.0}",
                answer.Median.ToString("0.0"),
                $"{answer.Min:0.0}-{answer.Max:0.0}",
                new FileInfo(program).Length.ToString("N0"),
                runs.ToString());
        }

        Console.WriteLine(Machine.Describe());
        table.Print(Console.Out);
        return 0;
    }
}
