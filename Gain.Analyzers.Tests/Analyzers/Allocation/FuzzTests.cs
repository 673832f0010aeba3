using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using Gain.Analyzers.HotPath;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>
/// What the analyzer says of programs that nobody wrote is what their runs show. GAIN_FUZZ_PROGRAMS and
/// GAIN_FUZZ_SEED make more of them, and others.
/// </summary>
public sealed class FuzzTests
{
    private const int DefaultPrograms = 50;
    private const int DefaultSeed = 20_260_103;

    [Test]
    public async Task Verdicts_on_nested_pieces_are_what_their_runs_allocate()
    {
        int seed = Number("GAIN_FUZZ_SEED", DefaultSeed);
        int count = Number("GAIN_FUZZ_PROGRAMS", DefaultPrograms);
        FuzzProgram[] programs = [.. Enumerable.Range(0, count).Select(one => FuzzProgram.Of(seed, one))];
        CSharpCompilation compilation = Compile(programs);
        Assembly assembly = CompiledSample.Load(compilation);
        ILookup<string, Diagnostic> found = (await Analyze(compilation))
            .Where(one => one.DefaultSeverity == DiagnosticSeverity.Warning)
            .ToLookup(one => one.Location.SourceTree!.FilePath);
        var wrong = new StringBuilder();
        int allocating = 0;
        for (int i = 0; i < count; i++)
        {
            string[] ids =
                [.. found[ClassOf(i)].Select(one => one.Id).Distinct().Order(StringComparer.Ordinal)];
            MethodInfo run = assembly.GetType(ClassOf(i), throwOnError: true)!.GetMethod("Run")!;
            long bytes = TruthRun.Measure(run.CreateDelegate<Action>());
            allocating += bytes > 0 ? 1 : 0;

            // That each piece allocates is measured alone: in some programs the just-in-time compiler
            // optimizes at once, and leaves out what is reported.
            if (!ids.SequenceEqual(programs[i].Source.Ids) || (ids.Length == 0 && bytes > 0))
            {
                wrong.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"seed {seed}, program {i}: {string.Join(' ', ids)} for {programs[i].Source.Verdict}, "
                    + $"{bytes} bytes, of {programs[i].Pieces}");
                TestContext.Out.WriteLine($"{ClassOf(i)}:\n{programs[i].Source.Text}");
                TestContext.Out.WriteLine(string.Join('\n', found[ClassOf(i)]));
            }
        }

        TestContext.Out.WriteLine($"{count} programs of seed {seed}, {allocating} of which allocate");
        Assert.That(wrong.ToString(), Is.Empty);
        Assert.That(allocating, Is.GreaterThan(0).And.LessThan(count));
    }

    private static int Number(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : fallback;

    private static string ClassOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"P{index:00000}");

    private static CSharpCompilation Compile(FuzzProgram[] programs) => CSharpCompilation.Create(
        "Fuzz",
        [
            Parse(SourceTree.Read("Gain.Analyzers.Tests/Analyzers/Allocation/Snippets/Tools.txt"), "Tools"),
            .. programs.Select((one, index) => Parse(one.Source.ToSource(ClassOf(index)), ClassOf(index))),
        ],
        GeneratorRun.References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true));

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(text, HotPathRun.ParseOptions, path, Encoding.UTF8);

    private static Task<ImmutableArray<Diagnostic>> Analyze(Compilation compilation) =>
        new CompilationWithAnalyzers(
            compilation,
            [new HotPathAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                onAnalyzerException: static (e, _, _) => throw new InvalidOperationException(e.Message, e),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false))
        .GetAnalyzerDiagnosticsAsync(CancellationToken.None);
}
