using System.Text.Json;
using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>The raw results of a race, for those who want to sum them up otherwise.</summary>
/// <param name="Machine">Where it was run.</param>
/// <param name="Seconds">The measured time of each round.</param>
/// <param name="WarmUp">The time before it.</param>
/// <param name="Servers">The servers and how they were started.</param>
/// <param name="Rounds">All rounds in the order in which they were run, failed ones included.</param>
internal sealed record RaceFile(
    Machine Machine,
    double Seconds,
    double WarmUp,
    IReadOnlyList<Contender> Servers,
    IReadOnlyList<Round> Rounds)
{
    public Task WriteAsync(FileInfo file, CancellationToken cancellation) =>
        File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(this, LoadRun.Json), cancellation);
}
