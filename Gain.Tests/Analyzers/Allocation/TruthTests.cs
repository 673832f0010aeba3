using Microsoft.CodeAnalysis;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What the analyzer says of a snippet is what its run shows.</summary>
public class TruthTests
{
    [TestCaseSource(nameof(Names))]
    public void Verdict_is_the_truth_about(string name)
    {
        Snippet snippet = TruthRun.Snippets.Single(candidate => candidate.Name == name);
        Diagnostic[] found = TruthRun.Instance.DiagnosticsOf(snippet);
        long bytes = TruthRun.Instance.Measure(snippet);
        string[] ids = [.. found.Select(diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal)];
        string[] expected = snippet.Verdict == "info" ? ["GAIN1013"] : snippet.Ids;
        Assert.Multiple(() =>
        {
            Assert.That(ids, Is.EqualTo(expected), $"{bytes} bytes\n{string.Join("\n", found.AsEnumerable())}");
            if (snippet.Verdict is not "info" and not "tier1")
            {
                Assert.That(bytes, snippet.Allocates ? Is.GreaterThan(0) : Is.Zero, "allocated");
            }
        });
    }

    [Test]
    public void There_are_at_least_two_hundred_snippets() =>
        Assert.That(TruthRun.Snippets, Has.Length.GreaterThanOrEqualTo(200));

    [Test]
    public void Names_of_snippets_differ() =>
        Assert.That(TruthRun.Snippets.Select(snippet => snippet.Name), Is.Unique);

    private static IEnumerable<TestCaseData> Names() =>
        TruthRun.Snippets.Select(snippet => new TestCaseData(snippet.Name).SetArgDisplayNames(snippet.Name));
}
