using Gain.Tests.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What the analyzer says of a snippet is what its run shows.</summary>
public class TruthTests
{
    [TestCaseSource(nameof(Names))]
    [Reports("GAIN1001")]
    [Allows("GAIN1001")]
    [Reports("GAIN1002")]
    [Allows("GAIN1002")]
    [Reports("GAIN1003")]
    [Allows("GAIN1003")]
    [Reports("GAIN1004")]
    [Allows("GAIN1004")]
    [Reports("GAIN1005")]
    [Allows("GAIN1005")]
    [Reports("GAIN1006")]
    [Allows("GAIN1006")]
    [Reports("GAIN1007")]
    [Allows("GAIN1007")]
    [Reports("GAIN1008")]
    [Allows("GAIN1008")]
    [Reports("GAIN1009")]
    [Allows("GAIN1009")]
    [Reports("GAIN1010")]
    [Allows("GAIN1010")]
    [Reports("GAIN1011")]
    [Allows("GAIN1011")]
    [Reports("GAIN1012")]
    [Allows("GAIN1012")]
    [Reports("GAIN1013")]
    [Allows("GAIN1013")]
    [Reports("GAIN1014")]
    [Allows("GAIN1014")]
    [Reports("GAIN1017")]
    [Allows("GAIN1017")]
    public void Verdict_is_the_truth_about(string name)
    {
        Snippet snippet = TruthRun.Snippets.Single(candidate => candidate.Name == name);
        Diagnostic[] found = TruthRun.Instance.DiagnosticsOf(snippet);
        long bytes = TruthRun.Instance.Measure(snippet);
        TestContext.Out.WriteLine($"{bytes / TruthRun.MeasuredCalls} bytes a call");
        string[] ids =
            [.. found.Select(diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal)];
        string[] expected = snippet.Verdict == "info" ? ["GAIN1013"] : snippet.Ids;
        Assert.Multiple(() =>
        {
            Assert.That(
                ids, Is.EqualTo(expected), $"{bytes} bytes\n{string.Join("\n", found.AsEnumerable())}");
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
