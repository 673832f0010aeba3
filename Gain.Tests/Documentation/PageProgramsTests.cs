using System.Text.RegularExpressions;
using Gain.Tests.Cli;
using Microsoft.CodeAnalysis;

namespace Gain.Tests.Documentation;

/// <summary>The programs of the pages compile as they stand there.</summary>
public sealed class PageProgramsTests
{
    [TestCase("tls", 4)]
    [TestCase("coming-from", 5)]
    [TestCase("dialling", 2)]
    [TestCase("proxy-protocol", 2)]
    public void Programs_of_the_page_compile(string page, int least)
    {
        // The command line is built with it.
        string library = Path.Combine(Path.GetDirectoryName(CliProcess.Program)!, "Gain.Tls.dll");
        int programs = 0;
        string text = SourceTree.Read($"docs/{page}.md");
        foreach (Match block in Regex.Matches(text, "(?ms)^```csharp\n(.*?)^```\n"))
        {
            string program = block.Groups[1].Value;
            if (!program.Contains("[GainProtocol", StringComparison.Ordinal))
            {
                continue;
            }

            programs++;
            Compilation compilation = GeneratorRun.OfProgram(program).Output
                .AddReferences(MetadataReference.CreateFromFile(library));
            Assert.That(
                compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error),
                Is.Empty, program);
        }

        Assert.That(programs, Is.GreaterThanOrEqualTo(least));
    }
}
