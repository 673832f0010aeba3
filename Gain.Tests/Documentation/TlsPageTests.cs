using System.Text.RegularExpressions;
using Gain.Tests.Cli;
using Microsoft.CodeAnalysis;

namespace Gain.Tests.Documentation;

/// <summary>The programs of docs/tls.md compile as they stand there.</summary>
public sealed class TlsPageTests
{
    [Test]
    public void Programs_about_TLS_compile()
    {
        // The command line is built with it.
        string library = Path.Combine(Path.GetDirectoryName(CliProcess.Program)!, "Gain.Tls.dll");
        int programs = 0;
        foreach (Match block in Regex.Matches(SourceTree.Read("docs/tls.md"), "(?ms)^```csharp\n(.*?)^```\n"))
        {
            string program = block.Groups[1].Value;
            if (!program.Contains("[GainProtocol]", StringComparison.Ordinal))
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

        Assert.That(programs, Is.GreaterThanOrEqualTo(4));
    }
}
