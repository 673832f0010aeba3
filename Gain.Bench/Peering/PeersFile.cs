using System.Text.Json;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Peering;

/// <summary>
/// All that was measured, as docs/benchmarks has it: the page and its charts are made of it.
/// </summary>
/// <param name="Machine">Where.</param>
/// <param name="Seconds">The measured time of a round.</param>
/// <param name="WarmUp">The time before it.</param>
/// <param name="Peers">The servers.</param>
/// <param name="Rounds">The closed loops, in the order in which they were run.</param>
/// <param name="Idle">Idle connections.</param>
/// <param name="Paced">The open loop.</param>
internal sealed record PeersFile(
    Machine Machine,
    double Seconds,
    double WarmUp,
    IReadOnlyList<PeerEntry> Peers,
    IReadOnlyList<Round> Rounds,
    IReadOnlyList<IdleRow> Idle,
    IReadOnlyList<PacedRound> Paced)
{
    public const string Name = "peers.json";

    /// <exception cref="BenchException">There is no such file, or it is another one.</exception>
    public static PeersFile Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return JsonSerializer.Deserialize<PeersFile>(File.ReadAllText(path), LoadRun.Json)
                ?? throw new BenchException($"{path} is empty.");
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            throw new BenchException($"{path} cannot be read: {unreadable.Message}");
        }
    }

    public void Write(string folder) => File.WriteAllText(
        Path.Combine(folder, Name), JsonSerializer.Serialize(this, LoadRun.Json) + "\n");
}
