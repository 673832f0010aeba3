using System.Collections.Immutable;
using System.Text;
using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>A fix is applied to all of a project at once, where it is much.</summary>
public sealed class FixAllTests
{
    private const int Methods = 40;

    [TestCase("byte[] header = new byte[4]; header[0] = 1; connection.Send(header);", "stackalloc byte[4]")]
    [TestCase("connection.Send(new byte[] { 1, (byte)data.Length });", "Send([1, (byte)data.Length])")]
    public Task Every_array_moves_into_the_frame(string code, string expected) =>
        Verify<StackallocFix>("GAIN1002", code, expected);

    [TestCase("connection.Send(Encoding.UTF8.GetBytes($\"{data.Length} B\"));")]
    [TestCase("string text = $\"{data.Length} B\"; connection.Send(Encoding.UTF8.GetBytes(text));")]
    public Task Every_text_is_written_into_the_connection(string code) =>
        Verify<TryWriteFix>("GAIN1007", code, "Utf8.TryWrite(connection.GetSpan(size)");

    private static async Task Verify<TFix>(string id, string code, string expected)
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        Document document = workspace
            .AddProject(ProjectInfo.Create(
                ProjectId.CreateNewId(),
                VersionStamp.Default,
                "Sample",
                "Sample",
                LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary),
                parseOptions: HotPathRun.ParseOptions,
                metadataReferences: GeneratorRun.References))
            .AddDocument("Usings.cs", RuleVerifier.Usings).Project
            .AddDocument("Handler.cs", SourceText.From(Source(code)));
        ImmutableArray<Diagnostic> found = await Diagnose(document.Project, id);
        Assert.That(found, Has.Length.EqualTo(Methods));
        var fix = new TFix();
        var context = new FixAllContext(
            document, fix, FixAllScope.Project, typeof(TFix).Name, [id],
            new Known(found), CancellationToken.None);

        CodeAction? action = await fix.GetFixAllProvider()!.GetFixAsync(context);

        var change =
            (ApplyChangesOperation)(await action!.GetOperationsAsync(CancellationToken.None)).Single();
        Document changed = change.ChangedSolution.GetDocument(document.Id)!;
        string text = (await changed.GetTextAsync()).ToString();
        Assert.That(text.Split(expected), Has.Length.EqualTo(Methods + 1));
        Compilation? compiled = await changed.Project.GetCompilationAsync();
        Assert.That(
            compiled!.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error), Is.Empty);
        Assert.That(await Diagnose(changed.Project, id), Is.Empty);
    }

    private static async Task<ImmutableArray<Diagnostic>> Diagnose(Project project, string id)
    {
        Compilation? compilation = await project.GetCompilationAsync();
        return [.. (await HotPathRun.Of(compilation!)).Where(one => one.Id == id)];
    }

    private static string Source(string code)
    {
        var text = new StringBuilder("using System.Text;\n\npublic static class Handler\n{\n");
        for (int i = 0; i < Methods; i++)
        {
            text.Append("    [AllocationFree]\n    public static void M").Append(i)
                .Append("(Connection connection, ReadOnlySpan<byte> data)\n    {\n        ").Append(code)
                .Append("\n    }\n");
        }

        return text.Append("}\n").ToString();
    }

    private sealed class Known(ImmutableArray<Diagnostic> found) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken) =>
            Task.FromResult(found.Where(one => one.Location.SourceTree?.FilePath == document.FilePath
                || document.Name == "Handler.cs"));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            Task.FromResult(Enumerable.Empty<Diagnostic>());

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(found);
    }
}
