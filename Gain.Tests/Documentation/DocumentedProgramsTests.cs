using System.Text.RegularExpressions;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Tests.Documentation;

/// <summary>What the pages show, the analyzers say nothing against.</summary>
public sealed class DocumentedProgramsTests
{
    private static readonly string[] s_pages =
    [
        "README.md",
        .. SourceTree.Files("docs").Where(path =>
            path.EndsWith(".md", StringComparison.Ordinal)
            && !path.StartsWith("docs/rules/", StringComparison.Ordinal)),
    ];

    [Test]
    public async Task Programs_of_the_pages_have_no_warning()
    {
        int programs = 0;
        var found = new List<string>();
        foreach (string page in s_pages)
        {
            foreach (Match block in Regex.Matches(SourceTree.Read(page), "(?ms)^```csharp\n(.*?)^```\n"))
            {
                string program = block.Groups[1].Value;
                if (!program.Contains("GainServer.", StringComparison.Ordinal)
                    || !(program.Contains("[GainProtocol]", StringComparison.Ordinal)
                        || program.Contains("Session OnSession(", StringComparison.Ordinal)))
                {
                    continue;
                }

                programs++;
                found.AddRange((await WarningsOf(program)).Select(one => $"{page}: {one}"));
            }
        }

        Assert.That(programs, Is.GreaterThanOrEqualTo(5));
        Assert.That(found, Is.Empty, string.Join('\n', found));
    }

    private static async Task<IEnumerable<Diagnostic>> WarningsOf(string program)
    {
        var analysis = new CompilationWithAnalyzers(
            GeneratorRun.OfProgram(program).Output,
            [new HotPathAnalyzer(), new LifetimeAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                onAnalyzerException: static (e, _, _) => throw new InvalidOperationException(e.Message, e),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        return (await analysis.GetAnalyzerDiagnosticsAsync(CancellationToken.None))
            .Where(static one => one.Severity >= DiagnosticSeverity.Warning && !one.IsSuppressed);
    }
}
