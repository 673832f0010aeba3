using System.CommandLine;
using BenchmarkDotNet.Running;

namespace Gain.Bench.Commands;

/// <summary><c>micro</c>: single pieces, with BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    private static readonly Argument<string> s_filter = new("filter")
    {
        Description = "Part of a benchmark's name; without it, all run.",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> s_job = new("--job")
    {
        Description = "How thoroughly: dry, short, medium, long, or the default.",
        DefaultValueFactory = _ => "default",
    };

    public static Command Create()
    {
        s_job.AcceptOnlyFromAmong("default", "dry", "short", "medium", "long");
        var command = new Command("micro", "Measures single pieces of the runtime.") { s_filter, s_job };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string filter = parsed.GetValue(s_filter)!;
        string[] arguments =
        [
            "--filter", filter.Length == 0 ? "*" : $"*{filter}*", "--job", parsed.GetValue(s_job)!,
        ];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments).ToList();
        return summaries.Count > 0 && summaries.All(summary =>
            !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
