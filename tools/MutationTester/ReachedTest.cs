using System.Globalization;

namespace Gain.MutationTester;

/// <summary>A test of the unmutated run.</summary>
/// <param name="Status">NUnit's word: a test that is skipped judges as little as one that fails.</param>
/// <param name="Mutants">Those that it reaches.</param>
internal sealed record ReachedTest(string Name, double Seconds, string Status, IReadOnlyList<int> Mutants)
{
    public bool Passed => Status == "Passed";

    public bool Failed => Status == "Failed";

    public static ReachedTest Parse(string line)
    {
        string[] parts = line.Split('\t', 4);
        int[] mutants =
        [
            .. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];
        double seconds = double.Parse(parts[0], CultureInfo.InvariantCulture);
        return new ReachedTest(parts[3], seconds, parts[1], mutants);
    }
}
