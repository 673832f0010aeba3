using System.CommandLine;
using System.Globalization;
using Gain.Bench.RingCases;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>uring</c>: the rings of Gain.Uring against liburing's, in paired rounds.</summary>
internal static class UringCommand
{
    private const int WarmUpRuns = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static readonly Option<int> s_rounds = Options.Number("--rounds", "Rounds of each case.", 9, 1);

    private static readonly Option<int> s_cpu = Options.Number("--cpu", "The CPU both are pinned to.", 0, 0);

    private static readonly Option<int> s_milliseconds = Options.Number(
        "--milliseconds", "About how long each measurement takes.", 300, 10);

    private static readonly Option<string> s_case = new("--case")
    {
        Description = "Part of a case's name; without it, all run.",
        DefaultValueFactory = _ => "",
    };

    public static Command Create()
    {
        var command = new Command("uring", "Compares Gain.Uring with a C program on liburing.")
        {
            s_rounds, s_cpu, s_milliseconds, s_case,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string program = await NativePrograms.CompileBaselineAsync(cancellation);
        ReadFile.Make();
        string filter = parsed.GetValue(s_case)!;
        string[] names = [.. RingWork.Names.Where(name => name.Contains(filter, StringComparison.Ordinal))];
        if (names.Length == 0)
        {
            throw new BenchException($"There is no case {filter}: {string.Join(", ", RingWork.Names)}.");
        }

        var table = new TextTable("case", "C ns", "Gain ns", "ratio", "min-max", "rounds");
        foreach (string name in names)
        {
            List<(double C, double Ours)> rounds = [];
            await MeasureAsync(parsed, program, name, rounds, cancellation);
            Sample ratio = Sample.Of(rounds.Select(round => round.Ours / round.C));
            table.Add(
                name,
                Sample.Of(rounds.Select(round => round.C)).Median.ToString("0.0"),
                Sample.Of(rounds.Select(round => round.Ours)).Median.ToString("0.0"),
                ratio.Median.ToString("0.000"),
                $"{ratio.Min:0.00}-{ratio.Max:0.00}",
                $"{rounds.Count}");
        }

        Console.WriteLine(Machine.Describe());
        table.Print(Console.Out);
        return 0;
    }

    // Each round begins with the other one.
    private static async Task MeasureAsync(
        ParseResult parsed, string program, string name, List<(double C, double Ours)> rounds,
        CancellationToken cancellation)
    {
        int cpu = parsed.GetValue(s_cpu);
        using var thread = new PinnedThread(cpu, () => RingWork.Create(name, ReadFile.Path));
        for (int run = 0; run < WarmUpRuns; run++)
        {
            // Short runs first: the loops are compiled anew while they run, and once more after that.
            _ = thread.Measure(20_000);
        }

        double first = thread.Measure(20_000);
        int operations = (int)Math.Clamp(parsed.GetValue(s_milliseconds) * 1e6 / first, 1_000, 100_000_000);
        for (int round = 0; round < parsed.GetValue(s_rounds); round++)
        {
            double ours = round % 2 == 0 ? thread.Measure(operations) : 0;
            double c = await RunBaselineAsync(program, name, operations, cpu, cancellation);
            ours = round % 2 == 0 ? ours : thread.Measure(operations);
            rounds.Add((c, ours));
        }
    }

    private static async Task<double> RunBaselineAsync(
        string program, string name, int operations, int cpu, CancellationToken cancellation)
    {
        string[] words = ["taskset", "-c", $"{cpu}", program, name, $"{operations}", ReadFile.Path];
        await using Child child = await Child.RunAsync(words, s_limit, cancellation);
        await child.WaitAsync(cancellation);
        string line = child.Output.Lines.LastOrDefault() ?? "";
        return child.ExitCode == 0
            && double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double nanoseconds)
            ? nanoseconds
            : throw new BenchException($"The C program failed at {name}: {line} {child.Errors}");
    }
}
