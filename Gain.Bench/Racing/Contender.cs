using System.Text.Json.Serialization;
using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>A server in the race.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Command">
/// How it is started: environment variables (<c>NAME=value</c>) first, then the program and its arguments.
/// <c>{port}</c>, <c>{handler}</c> (http or echo), <c>{floor}</c> (the compiled floor) and <c>{file}</c> (a
/// file with its <see cref="Configuration"/>) are replaced.
/// </param>
internal sealed record Contender(string Name, string Command)
{
    public const string FloorName = "floor";
    public const string Uring = "uring";

    /// <summary>What a file of its own holds, by the port; null where it needs none.</summary>
    [JsonIgnore]
    public Func<int, string>? Configuration { get; init; }

    /// <summary>The one that the others are held against, on uring or epoll.</summary>
    public static Contender Floor(string ring = Uring) =>
        new(FloorName, $"{{floor}} {{handler}} {{port}} {ring}");

    /// <summary>Gain with one worker, as it faces one core of load, on the same ring.</summary>
    /// <param name="program">The published examples/Cli.</param>
    /// <param name="ring">What it waits with.</param>
    /// <param name="arguments">Further arguments of the program.</param>
    public static Contender Gain(string program, string ring = Uring, string arguments = "")
    {
        string command = $"\"{program}\" --handler {{handler}} --port {{port}} --workers 1 --ring {ring}";
        return new Contender("gain", $"{command} {arguments}".TrimEnd());
    }

    /// <summary>Reads NAME=COMMAND.</summary>
    /// <exception cref="BenchException">It is not of that form, or says nothing of the port.</exception>
    public static Contender Parse(string text)
    {
        int at = text.IndexOf('=');
        if (at <= 0 || !text[(at + 1)..].Contains("{port}"))
        {
            throw new BenchException(
                $"--server takes NAME=COMMAND with {{port}} in the command, not: {text}");
        }

        return new Contender(text[..at], text[(at + 1)..]);
    }

    /// <summary>The words to run, pinned to a CPU, and the variables to set.</summary>
    public (List<string> Words, Dictionary<string, string> Variables) Expand(
        string handler, int port, int cpu, string floor)
    {
        string file = WriteConfiguration(port);
        List<string> words = [.. CommandLineWords.Split(Command).Select(word => word
            .Replace("{port}", port.ToString()).Replace("{handler}", handler).Replace("{floor}", floor)
            .Replace("{file}", file))];
        var variables = new Dictionary<string, string>();
        while (words.Count > 0 && words[0].IndexOf('=') is > 0 and int at && !words[0].Contains('/'))
        {
            variables[words[0][..at]] = words[0][(at + 1)..];
            words.RemoveAt(0);
        }

        // taskset becomes the server (exec), so that the child's id is the server's.
        return (["taskset", "-c", cpu.ToString(), .. words], variables);
    }

    private string WriteConfiguration(int port)
    {
        if (Configuration is null)
        {
            return "";
        }

        string path = Path.Combine(Repository.BuildFolder("files"), $"{Name}.conf");
        File.WriteAllText(path, Configuration(port));
        return path;
    }
}
