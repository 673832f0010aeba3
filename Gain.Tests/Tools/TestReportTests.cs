using Gain.TestReport;

namespace Gain.Tests.Tools;

/// <summary>What is told of a run is what its result files say.</summary>
public sealed class TestReportTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gain-report-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Skipped_tests_have_their_reason_failed_ones_their_message_and_the_counts_come_last()
    {
        Write(
            "a.trx",
            ("Gain.Tests.Server.EchoTests(Uring)", "Answers(&quot;a.b&quot;)", "Passed", "24 bytes", null),
            ("Gain.Tests.Server.EchoTests(Uring)", "Waits", "NotExecuted", "other", "no  curl\n on PATH"),
            ("Gain.Tests.Net.A", "Breaks", "Failed", null, "  Expected: &lt;1&gt;\r\n  But was:  2\r\n"));
        Write(
            "b.trx",
            ("Gain.Tests.B(0.5)", "Ends", "Timeout", null, null),
            ("Gain.Tests.B(0.5)", "Is_told_by_its_output", "NotExecuted", "not here", null));

        Assert.That(Report(), Is.EqualTo("""
            skip  EchoTests(Uring).Waits: no curl on PATH
            skip  B(0.5).Is_told_by_its_output: not here
            FAIL  A.Breaks: Expected: <1> But was: 2
            FAIL  B(0.5).Ends: no reason given
            1 tests passed, 2 failed, 2 skipped

            """));
    }

    [Test]
    public void Long_message_of_a_failure_is_cut_and_a_reason_is_not()
    {
        string text = new('x', 1_000);
        Write("a.trx", ("A", "B", "Failed", null, text), ("A", "C", "NotExecuted", null, text));

        Assert.That(
            Report(),
            Does.Contain($"FAIL  A.B: {text[..300]}\n").And.Contain($"skip  A.C: {text}\n"));
    }

    [Test]
    public void Folder_without_results_is_an_error_that_names_it() => Assert.That(
        () => RunResults.Read(_folder),
        Throws.InstanceOf<IOException>().With.Message.Contains(_folder));

    private string Report()
    {
        using var output = new StringWriter { NewLine = "\n" };
        RunResults.Read(_folder).Write(output);
        return output.ToString();
    }

    // As the runner writes them; the texts are escaped.
    private void Write(
        string file,
        params (string Class, string Name, string Outcome, string? Output, string? Message)[] tests)
    {
        IEnumerable<string> results = tests.Select((test, id) => $"""
            <UnitTestResult testId="{id}" testName="{test.Name}" outcome="{test.Outcome}"><Output>
            {(test.Output is null ? "" : $"<StdOut>{test.Output}</StdOut>")}
            {(test.Message is null ? "" : $"<ErrorInfo><Message>{test.Message}</Message></ErrorInfo>")}
            </Output></UnitTestResult>
            """);
        IEnumerable<string> definitions = tests.Select((test, id) =>
            $"""<UnitTest id="{id}"><TestMethod className="{test.Class}" name="{test.Name}" /></UnitTest>""");
        File.WriteAllText(Path.Combine(_folder, file), $"""
            <?xml version="1.0" encoding="utf-8"?>
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results>{string.Concat(results)}</Results>
              <TestDefinitions>{string.Concat(definitions)}</TestDefinitions>
              <ResultSummary outcome="Failed"><Counters total="9" passed="9" failed="0" /></ResultSummary>
            </TestRun>
            """);
    }
}
