using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gain.Bench.Analyzing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>analyzers</c>: what the analyzers add to a build, and to an edit of one file.</summary>
internal static class AnalyzersCommand
{
    private const int Edits = 40;

    private static readonly TimeSpan s_buildLimit = TimeSpan.FromMinutes(10);

    private static readonly Option<int> s_rounds = new("--rounds")
    {
        Description = "Pairs of builds, one with the analyzers and one without.",
        DefaultValueFactory = _ => 7,
    };

    public static Command Create()
    {
        var command = new Command("analyzers", "Measures what the analyzers add to a build and to an edit.")
        {
            s_rounds,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Console.WriteLine(Machine.Describe());
        var table = new TextTable("what", "without ms", "with ms", "difference");
        (Sample without, Sample with, double ratio) =
            await BuildAsync(parsed.GetValue(s_rounds), cancellation);
        table.Add(
            $"build of {GeneratedSolution.Protocols} protocols",
            Text(without.Median),
            Text(with.Median),
            $"{(ratio - 1) * 100:+0.0;-0.0} %");
        (Sample plain, Sample analyzed) = await EditAsync(cancellation);
        table.Add(
            "edit of one file",
            Text(plain.Median),
            Text(analyzed.Median),
            $"{Text(analyzed.Median - plain.Median)} ms, at most {Text(analyzed.Max - plain.Median)}");
        table.Print(Console.Out);
        return 0;
    }

    // The two of a round follow each other, so that what else the machine does falls on both; every other
    // round begins with the other one.
    private static async Task<(Sample Without, Sample With, double Ratio)> BuildAsync(
        int rounds, CancellationToken cancellation)
    {
        string project = GeneratedSolution.WriteTo(Repository.BuildFolder("analyzed"));
        await DotnetAsync(["restore", project], cancellation);
        await TimeBuildAsync(project, analyzed: true, cancellation);
        var without = new List<double>();
        var with = new List<double>();
        for (int i = 0; i < rounds; i++)
        {
            foreach (bool analyzed in i % 2 == 0 ? [false, true] : new[] { true, false })
            {
                (analyzed ? with : without).Add(await TimeBuildAsync(project, analyzed, cancellation));
            }
        }

        double ratio = Sample.Of(with.Zip(without, (one, other) => one / other)).Median;
        return (Sample.Of(without), Sample.Of(with), ratio);
    }

    private static async Task<double> TimeBuildAsync(
        string project, bool analyzed, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        await DotnetAsync(
            [
                "build", project, "-c", "Release", "--no-restore", "--no-incremental", "-nodeReuse:false",
                "-p:UseSharedCompilation=false", $"-p:Analyzed={(analyzed ? "true" : "false")}",
            ],
            cancellation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task DotnetAsync(string[] arguments, CancellationToken cancellation)
    {
        await using Child child = await Child.RunAsync(["dotnet", .. arguments], s_buildLimit, cancellation);
        if (child.ExitCode != 0)
        {
            throw new BenchException($"dotnet {arguments[0]} failed: {child.Output}");
        }
    }

    private static async Task<(Sample Without, Sample With)> EditAsync(CancellationToken cancellation)
    {
        var file = new EditedFile();
        var without = new List<double>();
        var with = new List<double>();
        for (int i = 0; i < Edits; i++)
        {
            bool isWarm = i >= Edits / 4;
            double plain = await file.MeasureAsync(2 * i, analyzed: false, cancellation);
            double analyzed = await file.MeasureAsync(2 * i + 1, analyzed: true, cancellation);
            if (isWarm)
            {
                without.Add(plain);
                with.Add(analyzed);
            }
        }

        return (Sample.Of(without), Sample.Of(with));
    }

    private static string Text(double milliseconds) =>
        milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
