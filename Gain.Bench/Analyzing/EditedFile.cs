using System.Diagnostics;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Lifetime;
using Gain.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Bench.Analyzing;

/// <summary>
/// What an editor pays for one edit: the analyzers over the edited file, in a fresh compilation.
/// </summary>
internal sealed class EditedFile
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.Latest);

    private readonly Compilation _compilation;
    private readonly SyntaxTree _edited;

    public EditedFile()
    {
        SyntaxTree[] trees =
        [
            .. GeneratedSolution.Sources()
                .Select(file => CSharpSyntaxTree.ParseText(file.Text, s_parseOptions, file.Name)),
        ];
        _edited = trees[0];
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        CSharpCompilation input = CSharpCompilation.Create(
            "Generated",
            trees,
            Directory.EnumerateFiles(framework, "System*.dll")
                .Append(typeof(GainProtocolAttribute).Assembly.Location)
                .Append(typeof(Gain.Uring.Ring).Assembly.Location)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGeneratorsAndUpdateCompilation(input, out _compilation, out _);
    }

    /// <summary>Edits a body and analyzes its file; the milliseconds of the analysis.</summary>
    public async Task<double> MeasureAsync(int edit, bool analyzed, CancellationToken cancellation)
    {
        SyntaxTree changed =
            CSharpSyntaxTree.ParseText(GeneratedSolution.Source(0, edit), s_parseOptions, _edited.FilePath);
        Compilation compilation = _compilation.ReplaceSyntaxTree(_edited, changed);
        SemanticModel model = compilation.GetSemanticModel(changed);
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true,
                logAnalyzerExecutionTime: false);
        long start = Stopwatch.GetTimestamp();
        model.GetDiagnostics(cancellationToken: cancellation);
        if (analyzed)
        {
            var analysis = new CompilationWithAnalyzers(
                compilation, [new HotPathAnalyzer(), new LifetimeAnalyzer()], options);
            await analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, cancellation);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
