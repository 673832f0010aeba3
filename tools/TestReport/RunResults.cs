using System.Xml.Linq;

namespace Gain.TestReport;

/// <summary>The results of a run, over all of its projects.</summary>
internal sealed class RunResults(IReadOnlyList<TestResult> tests)
{
    private static readonly XNamespace s_trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public int Passed => tests.Count(static test => test.IsPassed);

    public int Skipped => tests.Count(static test => test.IsSkipped);

    /// <summary>All others: an error, a time-out and what was cut off are failures too.</summary>
    public int Failed => tests.Count - Passed - Skipped;

    /// <summary>Reads the result files in a folder.</summary>
    /// <exception cref="IOException">There is no such folder, or no result in it.</exception>
    public static RunResults Read(string folder)
    {
        string[] files = Directory.GetFiles(folder, "*.trx");
        return files.Length == 0
            ? throw new FileNotFoundException($"There is no *.trx in {folder}: no test was run.")
            : new RunResults([.. files.Order().SelectMany(static file => TestsOf(XDocument.Load(file)))]);
    }

    /// <summary>Writes those that were skipped and why, those that failed, and a last line with the
    /// counts.</summary>
    public void Write(TextWriter output)
    {
        foreach (TestResult test in tests.Where(static test => test.IsSkipped))
        {
            output.WriteLine(test.Line);
        }

        foreach (TestResult test in tests.Where(static test => !test.IsSkipped && !test.IsPassed))
        {
            output.WriteLine(test.Line);
        }

        output.WriteLine($"{Passed} tests passed, {Failed} failed, {Skipped} skipped");
    }

    private static IEnumerable<TestResult> TestsOf(XDocument file)
    {
        Dictionary<string, string> fixtures = file.Descendants(s_trx + "UnitTest").ToDictionary(
            static test => (string)test.Attribute("id")!,
            static test => ShortName((string?)test.Element(s_trx + "TestMethod")?.Attribute("className")));
        return file.Descendants(s_trx + "UnitTestResult").Select(result => new TestResult(
            fixtures.GetValueOrDefault((string)result.Attribute("testId")!, ""),
            (string)result.Attribute("testName")!,
            (string?)result.Attribute("outcome") ?? "",
            result.Descendants(s_trx + "Message").Concat(result.Descendants(s_trx + "StdOut"))
                .FirstOrDefault()?.Value ?? ""));
    }

    // The arguments of a fixture may have dots of their own.
    private static string ShortName(string? type)
    {
        string name = type ?? "";
        int arguments = name.IndexOf('(');
        int dot = name.LastIndexOf('.', arguments < 0 ? Math.Max(name.Length - 1, 0) : arguments);
        return name[(dot + 1)..];
    }
}
