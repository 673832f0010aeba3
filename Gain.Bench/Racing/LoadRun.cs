using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>Runs of the load generator.</summary>
/// <param name="Program">The compiled generator.</param>
/// <param name="Cpu">The CPU it is pinned to.</param>
/// <param name="Seconds">The measured time.</param>
/// <param name="WarmUp">The time before it, in seconds.</param>
internal sealed record LoadRun(string Program, int Cpu, double Seconds, double WarmUp)
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file, not a web page
    };

    // Beyond the time that was asked for: connecting, and a machine that does other things too.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(60);

    /// <summary>Loads a server and reads the generator's report.</summary>
    /// <exception cref="BenchException">The generator could not do its work, or did not end.</exception>
    public async Task<TReport> RunAsync<TReport>(
        string mode, IEnumerable<string> arguments, RunningServer server, CancellationToken cancellation)
    {
        string[] words =
        [
            "taskset", "-c", Cpu.ToString(), Program, mode, server.Port.ToString(), .. arguments,
            "-d", Seconds.ToString(CultureInfo.InvariantCulture),
            "-w", WarmUp.ToString(CultureInfo.InvariantCulture),
            "-P", server.Child.Id.ToString(),
        ];
        try
        {
            TimeSpan limit = TimeSpan.FromSeconds(Seconds + WarmUp) + s_slack;
            await using Child generator = await Child.RunAsync(words, limit, cancellation);
            string line = generator.Output.Lines.LastOrDefault() ?? "";
            return line.StartsWith('{')
                ? JsonSerializer.Deserialize<TReport>(line, Json)!
                : throw new BenchException($"the load failed: {generator.Errors}{ServerEnd(server)}");
        }
        catch (TimeoutException)
        {
            throw new BenchException("the load did not end.");
        }
    }

    private static string ServerEnd(RunningServer server) => server.Child.HasExited
        ? $" (the server ended with status {server.Child.ExitCode}: {server.Child.Errors})"
        : "";
}
