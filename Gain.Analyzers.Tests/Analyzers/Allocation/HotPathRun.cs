using System.Collections.Immutable;
using System.Globalization;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Lifetime;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>The diagnostics of the analyzer of hot paths, on any source, right or wrong.</summary>
internal static class HotPathRun
{
    /// <summary>All that the compiler knows, as in the truth tests.</summary>
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview);

    public static Task<ImmutableArray<Diagnostic>> Of(
        string source, params (string Path, string Text)[] files) =>
        Of(CompilationOf(source), files);

    public static async Task<string[]> MessagesOf(string source) =>
    [
        .. (await Of(source)).Select(one => $"{one.Id}: {one.GetMessage(CultureInfo.InvariantCulture)}"),
    ];

    public static CSharpCompilation CompilationOf(params string[] sources) => CSharpCompilation.Create(
        "Sample",
        sources.Select(source => CSharpSyntaxTree.ParseText(source, ParseOptions)),
        GeneratorRun.References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <exception cref="InvalidOperationException">The analyzer failed.</exception>
    public static Task<ImmutableArray<Diagnostic>> Of(
        Compilation compilation, params (string Path, string Text)[] files) =>
        new CompilationWithAnalyzers(
            compilation,
            [new HotPathAnalyzer(), new LifetimeAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([.. files.Select(file => new ListText(file.Path, file.Text))]),
                onAnalyzerException: static (e, _, _) => throw new InvalidOperationException(e.Message, e),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false))
        .GetAnalyzerDiagnosticsAsync(CancellationToken.None);

    private sealed class ListText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) =>
            SourceText.From(text);
    }
}
