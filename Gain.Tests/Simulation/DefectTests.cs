
namespace Gain.Tests.Simulation;

/// <summary>The defects that the simulation is tried with have to fit the engine as it is.</summary>
public class DefectTests
{
    private static readonly string s_folder =
        Path.Combine(SourceTree.Root, "Gain.Tests", "Simulation", "defects");

    private static IEnumerable<string> Names =>
        Directory.EnumerateFiles(s_folder, "*.patch").Select(path => Path.GetFileName(path)).Order();

    [TestCaseSource(nameof(Names))]
    public void Every_hunk_is_found_once_in_its_file(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_folder, name));
        string file = "";
        int hunks = 0;
        for (int at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith("--- a/", StringComparison.Ordinal))
            {
                file = lines[at]["--- a/".Length..];
            }
            else if (lines[at].StartsWith("@@", StringComparison.Ordinal))
            {
                hunks++;
                IEnumerable<string> before = lines.Skip(at + 1).TakeWhile(IsOfHunk)
                    .Where(line => line[0] != '+').Select(line => line[1..]);
                string text = string.Join('\n', before);
                string source = File.ReadAllText(Path.Combine(SourceTree.Root, file));
                Assert.That(
                    source.Split(text),
                    Has.Length.EqualTo(2),
                    $"{file} has changed: line {at + 1} of the patch");
            }
        }

        Assert.That(hunks, Is.Positive);
    }

    private static bool IsOfHunk(string line) => line is [' ' or '+' or '-', ..];
}
