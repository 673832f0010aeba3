using System.Text.Json;

namespace Gain.Bench.Racing;

/// <summary>What servers of Gain print when they have stopped.</summary>
internal static class ServerSummary
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(30);

    /// <summary>Stops a server by SIGTERM, and reads the line of JSON that it leaves.</summary>
    /// <exception cref="BenchException">It does not stop, or leaves no such line.</exception>
    public static async Task<JsonElement> StopAsync(RunningServer server, CancellationToken cancellation)
    {
        server.Child.Terminate();
        try
        {
            await server.Child.WaitAsync(cancellation).WaitAsync(s_stopLimit, cancellation);
        }
        catch (TimeoutException)
        {
            throw new BenchException($"The server runs {s_stopLimit.TotalSeconds:0} s after SIGTERM.");
        }

        string line = server.Child.Output.Lines.LastOrDefault() ?? "";
        return line.StartsWith('{')
            ? JsonSerializer.Deserialize<JsonElement>(line)
            : throw new BenchException($"The server left no summary: {line} {server.Child.Errors}");
    }

    /// <summary>The managed bytes that its workers have allocated after their start.</summary>
    public static long AllocatedBytes(JsonElement summary) =>
        summary.GetProperty("allocated_bytes_on_workers").GetInt64();
}
