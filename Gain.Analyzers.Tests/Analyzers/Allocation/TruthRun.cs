using System.Collections.Immutable;
using System.Reflection;
using Gain.Analyzers.HotPath;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>All snippets in one assembly: analyzed once, and run.</summary>
internal sealed class TruthRun
{
    /// <summary>
    /// The calls that are measured. With those before, fewer than the 30 for which Tier 0 lasts.
    /// </summary>
    public const int MeasuredCalls = 16;

    private const int WarmUpCalls = 8;

    private static readonly Lazy<TruthRun> s_instance = new(static () => new TruthRun());

    private readonly ILookup<string, Diagnostic> _diagnostics;
    private readonly Assembly _assembly;
    private readonly Dictionary<string, string> _classes = [];

    private TruthRun()
    {
        SyntaxTree[] trees =
        [
            Parse(SourceTree.Read($"{Folder}/Tools.txt"), "Tools"),
            .. Snippets.Select(
                (snippet, index) =>
                    Parse(snippet.ToSource(ClassOf(snippet, index)), ClassOf(snippet, index))),
        ];
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true);
        CSharpCompilation compilation =
            CSharpCompilation.Create("Truth", trees, GeneratorRun.References, options);
        _assembly = CompiledSample.Load(compilation);
        var analyzers = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: static (exception, _, _) =>
                throw new AssertionException(exception.ToString()),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        var analysis = new CompilationWithAnalyzers(compilation, [new HotPathAnalyzer()], analyzers);
        ImmutableArray<Diagnostic> found = analysis
            .GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
        _diagnostics = found.ToLookup(diagnostic => diagnostic.Location.SourceTree!.FilePath);
    }

    public static TruthRun Instance => s_instance.Value;

    public static Snippet[] Snippets { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, Folder), "*.snippets")
            .Order(StringComparer.Ordinal)
            .SelectMany(Snippet.Read),
    ];

    private static string Folder => "Gain.Analyzers.Tests/Analyzers/Allocation/Snippets";

    public Diagnostic[] DiagnosticsOf(Snippet snippet) => [.. _diagnostics[_classes[snippet.Name]]];

    /// <summary>The bytes that sixteen calls allocate, at Tier 0, after all that happens once.</summary>
    public long Measure(Snippet snippet)
    {
        MethodInfo run = _assembly.GetType(_classes[snippet.Name], throwOnError: true)!.GetMethod("Run")!;
        if (run.ReturnType == typeof(void))
        {
            return Measure(run.CreateDelegate<Action>());
        }

        if (run.ReturnType == typeof(ValueTask))
        {
            var task = run.CreateDelegate<Func<ValueTask>>();
            return Measure(() => task());
        }

        var result = run.CreateDelegate<Func<object>>();
        return Measure(() => result());
    }

    /// <summary>The bytes that sixteen calls of a method allocate, after those that happen once.</summary>
    public static long Measure(Action run)
    {
        for (int i = 0; i < WarmUpCalls; i++)
        {
            run();
        }

        // The least of three rounds: the runtime allocates on a thread on which it compiles a method anew.
        long least = long.MaxValue;
        for (int round = 0; round < 3 && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < MeasuredCalls; i++)
            {
                run();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private string ClassOf(Snippet snippet, int index) =>
        _classes.TryGetValue(snippet.Name, out string? name) ? name
            : _classes[snippet.Name] = $"S{index:000}";

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(
        text, new CSharpParseOptions(LanguageVersion.Preview), path, System.Text.Encoding.UTF8);
}
