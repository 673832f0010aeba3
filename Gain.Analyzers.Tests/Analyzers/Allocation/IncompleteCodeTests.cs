using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What is being typed never makes an analyzer fail, and edits do not make it wrong.</summary>
public sealed class IncompleteCodeTests
{
    private const int Cuts = 6;

    /// <summary>The files of snippets, which use every form of the language.</summary>
    private static readonly string[] s_files =
    [
        .. SourceTree.Files("Gain.Analyzers.Tests/Analyzers/Allocation/Snippets")
            .Where(path => path.EndsWith(".snippets", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
    ];

    [TestCaseSource(nameof(s_files))]
    public async Task Truncated_sources_are_analyzed_without_a_fault(string file)
    {
        string tools = SourceTree.Read("Gain.Analyzers.Tests/Analyzers/Allocation/Snippets/Tools.txt");
        string[] sources =
        [
            .. Snippet.Read(Path.Combine(SourceTree.Root, file))
                .Select((snippet, index) => snippet.ToSource($"T{index}")),
        ];
        var random = new Random(20_260_101);
        for (int i = 0; i < Cuts; i++)
        {
            // Each snippet is cut somewhere else; a fault of the analyzer is thrown by the run.
            string[] cut = [.. sources.Select(source => source[..random.Next(source.Length)]), tools];
            await HotPathRun.Of(HotPathRun.CompilationOf(cut));
        }
    }

    [TestCaseSource(nameof(s_files))]
    public async Task Sources_without_a_token_are_analyzed_without_a_fault(string file)
    {
        string tools = SourceTree.Read("Gain.Analyzers.Tests/Analyzers/Allocation/Snippets/Tools.txt");
        var random = new Random(20_260_102);
        string[] broken =
        [
            .. Snippet.Read(Path.Combine(SourceTree.Root, file))
                .Select((snippet, index) => WithoutToken(snippet.ToSource($"T{index}"), random)),
            tools,
        ];
        await HotPathRun.Of(HotPathRun.CompilationOf(broken));
    }

    private static string WithoutToken(string source, Random random)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source, HotPathRun.ParseOptions).GetRoot();
        int from = source.IndexOf("static class", StringComparison.Ordinal);
        SyntaxToken[] tokens = [.. root.DescendantTokens().Where(token => token.SpanStart > from)];
        SyntaxToken token = tokens[random.Next(tokens.Length)];
        return source.Remove(token.SpanStart, token.Span.Length);
    }
}
