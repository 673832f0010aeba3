using System.Text;
using System.Text.RegularExpressions;

namespace Gain.Tests.Generator;

/// <summary>Compares generated text with a file that a person has read and approved.</summary>
/// <remarks>
/// To approve what the generator emits now, run the tests with GAIN_UPDATE_SNAPSHOTS=1 and read the diff.
/// </remarks>
internal sealed partial class Snapshot(string directory)
{
    private const int ShownContext = 2;

    /// <summary>The snapshots in the source tree.</summary>
    public static Snapshot InRepository { get; } = new(FindDirectory());

    /// <summary>The names of the approved files.</summary>
    public IEnumerable<string> Names =>
        Directory.EnumerateFiles(directory, "*.verified.txt")
            .Select(path => Path.GetFileName(path).Replace(".verified.txt", ""));

    /// <summary>Null when the text is the approved one; else what differs.</summary>
    public string? Compare(string name, string text)
    {
        text = WithoutVersion(text);
        string verified = Path.Combine(directory, name + ".verified.txt");
        string received = Path.Combine(directory, name + ".received.txt");
        string? approved = File.Exists(verified) ? File.ReadAllText(verified) : null;
        if (approved == text)
        {
            File.Delete(received);
            return null;
        }

        File.WriteAllText(received, text);
        return approved is null
            ? $"{name}.verified.txt does not exist; see {name}.received.txt."
            : $"{name}.received.txt differs from {name}.verified.txt:\n{Diff(approved, text)}";
    }

    /// <summary>Makes the text the approved one.</summary>
    public void Approve(string name, string text)
    {
        File.WriteAllText(Path.Combine(directory, name + ".verified.txt"), WithoutVersion(text));
        File.Delete(Path.Combine(directory, name + ".received.txt"));
    }

    // From the first line that differs to the last one, with a few lines around.
    private static string Diff(string approved, string text)
    {
        string[] old = approved.Split('\n');
        string[] @new = text.Split('\n');
        int same = old.Zip(@new).TakeWhile(pair => pair.First == pair.Second).Count();
        int most = Math.Min(old.Length, @new.Length) - same;
        int tail = old.Reverse().Zip(@new.Reverse()).Take(most)
            .TakeWhile(pair => pair.First == pair.Second).Count();

        int from = Math.Max(0, same - ShownContext);
        var diff = new StringBuilder();
        diff.Append("@@ line ").Append(from + 1).Append(" @@\n");
        Append(diff, "  ", old[from..same]);
        Append(diff, "- ", old[same..^tail]);
        Append(diff, "+ ", @new[same..^tail]);
        Append(diff, "  ", [.. @new[^tail..].Take(ShownContext)]);
        return diff.ToString();
    }

    private static void Append(StringBuilder diff, string mark, string[] lines)
    {
        foreach (string line in lines)
        {
            diff.Append(mark).Append(line).Append('\n');
        }
    }

    // A release changes the version and nothing else.
    private static string WithoutVersion(string text) =>
        Version().Replace(text, "\"Gain.Generators\", \"<version>\"");

    [GeneratedRegex("\"Gain.Generators\", \"[0-9.]+\"")]
    private static partial Regex Version();

    private static string FindDirectory()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Gain.sln")))
        {
            root = root.Parent;
        }

        return root is null
            ? throw new DirectoryNotFoundException("Run the tests in the repository: snapshots are in it.")
            : Path.Combine(root.FullName, "Gain.Analyzers.Tests", "Generator", "Snapshots");
    }
}
