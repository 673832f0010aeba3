using Gain.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests;

/// <summary>One compilation of sample source, through the generator, as strict as a user may be.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.Latest);
    private static readonly Lazy<MetadataReference[]> s_references = new(FindReferences);
    private static CSharpCompilation? s_framework;

    private readonly GeneratorDriver _driver;
    private readonly CSharpCompilation _input;

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation input)
    {
        _input = input;
        _driver = driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        Output = output;
        Result = _driver.GetRunResult().Results.Single();
    }

    /// <summary>The framework that runs the tests, and Gain.</summary>
    public static IReadOnlyList<MetadataReference> References => s_references.Value;

    /// <summary>The compilation with the generated files.</summary>
    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>The text of the only generated file.</summary>
    public string Text => Result.GeneratedSources.Single().SourceText.ToString();

    /// <summary>The warnings and errors of the sample without the generated files.</summary>
    public IEnumerable<string> InputProblems => ProblemsOf(_input);

    /// <summary>The warnings and errors of the sample with the generated files.</summary>
    public IEnumerable<string> Problems => ProblemsOf(Output);

    /// <summary>The run over a struct <c>A</c> with a framing, some methods, and OnAccept.</summary>
    public static GeneratorRun Framed(string attribute, string methods) =>
        Of($$"""
            using System;
            using Gain;

            [GainProtocol]
            {{attribute}}
            internal partial struct A
            {
                {{methods}}
                private void OnAccept(Connection connection) { }
            }
            """);

    public static GeneratorRun Of(params string[] sources) => Of(s_parseOptions, sources);

    /// <summary>The run over a whole program, with the usings that a new project has.</summary>
    public static GeneratorRun OfProgram(string source) =>
        Of(
            s_parseOptions,
            OutputKind.ConsoleApplication,
            "global using System; global using System.Collections.Generic; global using System.IO; "
            + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
            source);

    public static GeneratorRun WithDocumentation(string source) =>
        Of(s_parseOptions.WithDocumentationMode(DocumentationMode.Diagnose), source);

    public static SyntaxTree Parse(string source) =>
        CSharpSyntaxTree.ParseText(source, s_parseOptions, encoding: System.Text.Encoding.UTF8);

    /// <summary>Runs the same driver again, on a changed compilation.</summary>
    public GeneratorRun Again(Func<CSharpCompilation, CSharpCompilation> change) =>
        new(_driver, change(_input));

    /// <summary>The values that a step of the pipeline gave.</summary>
    public IEnumerable<object?> ValuesOf(string step) =>
        Result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Value);

    private static GeneratorRun Of(CSharpParseOptions parseOptions, params string[] sources) =>
        Of(parseOptions, OutputKind.DynamicallyLinkedLibrary, sources);

    private static GeneratorRun Of(CSharpParseOptions parseOptions, OutputKind kind, params string[] sources)
    {
        var options = new CSharpCompilationOptions(
            kind,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: false,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            "Sample" + Guid.NewGuid().ToString("N"),
            sources.Select(source => CSharpSyntaxTree.ParseText(source, parseOptions)),
            s_references.Value,
            options);
        var driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            parseOptions: parseOptions,
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None,
                trackIncrementalGeneratorSteps: true));
        return new GeneratorRun(driver, compilation);
    }

    private static string[] ProblemsOf(Compilation compilation) =>
    [
        .. compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString()),
    ];

    // Not what else the test host happens to load.
    private static MetadataReference[] FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        MetadataReference[] references =
        [
            .. trusted.Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(GainProtocolAttribute).Assembly.Location)
                .Append(typeof(Gain.Uring.Ring).Assembly.Location)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];

        // What a compilation has read of the framework the next one takes over, while anybody holds it.
        s_framework = CSharpCompilation.Create("Framework", references: references);
        _ = s_framework.GetSpecialType(SpecialType.System_Object);
        return references;
    }
}
