using System.CommandLine;
using System.Globalization;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>dials</c>: what an outgoing connection costs, against socket and connect in C.</summary>
internal static class DialsCommand
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each program runs.", 9, 1);

    private static readonly Option<int> s_dials = Options.Number(
        "--dials", "How many dials are counted in a round.", 20_000, 1_000);

    private static readonly Option<int> s_together = Options.Number(
        "--together", "How many are on their way at a time.", 50, 1);

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    public static Command Create()
    {
        var command = new Command("dials", "What a dial costs, in paired rounds against the same in C.")
        {
            s_rounds, s_dials, s_together, s_serverCpu, s_loadCpu,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string floor = await NativePrograms.CompileDialsAsync(cancellation);
        string gain = await GainProgram.PublishOwnAsync("Dials", "gain-dials", cancellation);

        // Who is dialled has the other CPU: what it takes does not count.
        await using RunningServer server = await RunningServer.StartAsync(
            Contender.Floor(),
            LoadKind.All["echo64"],
            parsed.GetValue(s_loadCpu),
            programs.Floor,
            cancellation);
        string[] arguments =
        [
            Text(server.Port), Text(parsed.GetValue(s_dials)), Text(parsed.GetValue(s_together)),
        ];
        int cpu = parsed.GetValue(s_serverCpu);
        var ratios = new List<double>();
        var table = new TextTable("round", "floor ns", "gain ns", "ratio");
        for (int i = 0; i < parsed.GetValue(s_rounds); i++)
        {
            double first = await TimeAsync(i % 2 == 0 ? floor : gain, arguments, cpu, cancellation);
            double second = await TimeAsync(i % 2 == 0 ? gain : floor, arguments, cpu, cancellation);
            (double ofFloor, double ofGain) = i % 2 == 0 ? (first, second) : (second, first);
            ratios.Add(ofGain / ofFloor);
            table.Add($"{i + 1}", $"{ofFloor:F0}", $"{ofGain:F0}", $"{ratios[^1]:F2}");
        }

        ratios.Sort();
        Console.WriteLine(Machine.Describe());
        table.Print(Console.Out);
        Console.WriteLine($"median {ratios[ratios.Count / 2]:F2} [{ratios[0]:F2}-{ratios[^1]:F2}]");
        return 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<double> TimeAsync(
        string program, string[] arguments, int cpu, CancellationToken cancellation)
    {
        await using Child child = await Child.RunAsync(
            ["taskset", "-c", Text(cpu), program, .. arguments], s_limit, cancellation);
        return child.ExitCode == 0
            ? double.Parse(child.Output.ToString(), CultureInfo.InvariantCulture)
            : throw new BenchException($"{program} ended with {child.ExitCode}: {child.Errors}");
    }
}
