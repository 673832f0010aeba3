using System.Collections.Immutable;
using Gain.Generators;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>What the compiler, with the generator, and all analyzers say about a source.</summary>
internal static class RuleCompilation
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.Latest);

    public static async Task<string[]> IdsOf(string source)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
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
                new AnalyzerOptions([]),
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

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, s_parseOptions);
}
