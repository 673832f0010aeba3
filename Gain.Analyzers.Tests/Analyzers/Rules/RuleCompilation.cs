using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gain.Generators;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>What the compiler, with the generator, and all analyzers say about a source.</summary>
internal static partial class RuleCompilation
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.Latest);

    public static async Task<string[]> IdsOf(string source)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable,
            specificDiagnosticOptions: RuleSet.Descriptors.Select(rule =>
                new KeyValuePair<string, ReportDiagnostic>(rule.Id, ReportDiagnostic.Warn)));
        CSharpCompilation input = CSharpCompilation.Create(
            "Page",
            [Parse(source), Parse(RuleVerifier.Usings)],
            GeneratorRun.References,
            options);
        CSharpGeneratorDriver
            .Create([new ProtocolGenerator().AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        var withAnalyzers = new CompilationWithAnalyzers(
            output,
            RuleSet.Analyzers,
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([.. AdditionalFile().Matches(source).Select(Named)]),
                onAnalyzerException: (e, _, _) => throw new InvalidOperationException(e.Message, e),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        ImmutableArray<Diagnostic> found = await withAnalyzers.GetAllDiagnosticsAsync(CancellationToken.None);
        return
        [
            .. found.Where(one => one.Severity >= DiagnosticSeverity.Warning && !one.IsSuppressed)
                .Select(one => one.Id),
        ];
    }

    private static AdditionalText Named(Match line) =>
        new GivenText(line.Groups[1].Value, line.Groups[2].Value);

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, s_parseOptions);

    // A comment stands for a line of an additional file, which a page cannot show otherwise.
    [GeneratedRegex(@"^// (\S+\.txt): (.*)$", RegexOptions.Multiline)]
    private static partial Regex AdditionalFile();

    private sealed class GivenText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) =>
            SourceText.From(text);
    }
}
