using System.CommandLine;

namespace Gain.Bench.Commands;

/// <summary>The options that several verbs take.</summary>
internal static class Options
{
    public static Option<FileInfo?> Gain() => new("--gain")
    {
        Description = "The published examples/Cli program; it is published when not given.",
    };

    public static Option<int> ServerCpu() => Number("--server-cpu", "The CPU the server is pinned to.", 0, 0);

    public static Option<int> LoadCpu() => Number("--load-cpu", "The CPU the load is pinned to.", 1, 0);

    public static Option<double> Seconds(double value) => Time(
        "--seconds", "The measured time, in seconds.", value, least: 0.1);

    public static Option<double> WarmUp(double value) => Time(
        "--warm-up", "The time before it, in seconds.", value, least: 0);

    public static Option<int> Number(string name, string description, int value, int least)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{name} takes a whole number of at least {least}.");
            }
        });
        return option;
    }

    public static Option<double> Time(string name, string description, double value, double least)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || !(result.GetValueOrDefault<double>() >= least))
            {
                result.AddError($"{name} takes a number of at least {least}.");
            }
        });
        return option;
    }
}
