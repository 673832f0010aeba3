using System.Collections.Immutable;
using System.Globalization;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What Gain.Runtime marks as free of allocations is, by its own analyzers.</summary>
public sealed class RuntimeMarkTests
{
    private const string Added = "added.cs";

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private const string Wrong = """
        namespace Gain;

        internal static class Wrong
        {
            [AllocationFree]
            public static object Make() => new();
        }
        """;

    // One analysis of all sources, with one more, for both tests.
    private static readonly CSharpCompilation s_compilation = Compile(Wrong);
    private static readonly Lazy<Task<ImmutableArray<Diagnostic>>> s_found =
        new(static () => HotPathRun.Of(s_compilation));

    [Test]
    public async Task Marked_members_of_the_runtime_allocate_nothing()
    {
        // What source generators add, of log messages and native calls, is not there.
        Assert.That(
            s_compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)
                .Select(one => one.Id).Distinct(),
            Is.SubsetOf(["CS8795"]));

        string[] found =
        [
            .. (await s_found.Value)
                .Where(one => one.Id.StartsWith("GAIN1", StringComparison.Ordinal)
                    && one.Location.SourceTree!.FilePath != Added)
                .Select(one => $"{one.Location.GetLineSpan()}: {one.Id}: "
                    + one.GetMessage(CultureInfo.InvariantCulture)),
        ];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public async Task Mark_on_what_allocates_is_found_among_the_sources_of_the_runtime()
    {
        Assert.That(
            (await s_found.Value).Where(one => one.Id == "GAIN1001").Select(
                one => one.Location.SourceTree!.FilePath),
            Is.EqualTo([Added]));
    }

    private static CSharpCompilation Compile(string added)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        string[] files =
        [
            // With the rings' sources: what a library allocates, the analyzers know from its sources only.
            .. SourceTree.CSharpFiles("Gain.Runtime"), .. SourceTree.CSharpFiles("Gain.Uring"),
        ];
        Assert.That(files, Has.Length.GreaterThan(50));
        string[] own = [typeof(GainServer).Assembly.Location, typeof(Gain.Uring.Ring).Assembly.Location];
        string folder = Path.GetDirectoryName(own[0])!;
        IEnumerable<MetadataReference> libraries = Directory
            .EnumerateFiles(folder, "Microsoft.Extensions.*.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Gain.Runtime",
            [
                CSharpSyntaxTree.ParseText(Usings, options),
                .. files.Select(path => CSharpSyntaxTree.ParseText(SourceTree.Read(path), options, path)),
                CSharpSyntaxTree.ParseText(added, options, Added),
            ],
            GeneratorRun.References.Where(one => !own.Contains(one.Display)).Concat(libraries),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }
}
