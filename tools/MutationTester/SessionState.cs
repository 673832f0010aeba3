using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gain.MutationTester;

/// <summary>What is known of a choice of mutants; a file, so that the next run goes on where this one
/// ends.</summary>
/// <param name="Key">Another for other mutants: folders, count, seed and engine.</param>
/// <param name="TestsKey">Another for other tests.</param>
internal sealed record SessionState(string Key, string TestsKey, IReadOnlyList<MutantResult> Results)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The share of what has run that was noticed; not covered is not noticed.</summary>
    [JsonIgnore]
    public double Score => Run == 0 ? 0 : (double)Count(Outcome.Killed) / Run;

    [JsonIgnore]
    public int Run => Results.Count - Count(Outcome.None);

    public int Count(Outcome outcome) => Results.Count(result => result.Outcome == outcome);

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    public static SessionState? Read(string path) => File.Exists(path)
        ? JsonSerializer.Deserialize<SessionState>(File.ReadAllText(path), s_options)
        : null;

    // A run that is ended meanwhile leaves the old file or the new one.
    public void Write(string path)
    {
        File.WriteAllText(path + ".new", ToJson());
        File.Move(path + ".new", path, overwrite: true);
    }
}
