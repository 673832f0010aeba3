using Gain.Analyzers.Rules;
using Gain.Generators;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>
/// Compiles a source with the generator, and compares what the analyzers and the compiler report with what
/// the source marks, as in <c>void {|GAIN0005:OnRead|}(string text)</c>. An error or a warning of the
/// compiler that is not marked fails the test: a mistake must not cascade.
/// </summary>
internal static class RuleVerifier
{
    /// <summary>Runs one analyzer, and those of usage: a sample must not be wrong in another way.</summary>
    public static Task Verify<TAnalyzer>(string source, params (string Path, string Text)[] settings)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        Run<EmptyCodeFixProvider>(source, null, [new TAnalyzer()], settings);

    /// <summary>The same of a source that uses a library, whose own source is given.</summary>
    public static Task VerifyAgainst<TAnalyzer>(string library, string source)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        Run<EmptyCodeFixProvider>(source, null, [new TAnalyzer()], [], LibraryOf(library));

    /// <summary>Runs all analyzers of usage, and compares the messages of what is expected.</summary>
    public static Task VerifyUsage(string source, params DiagnosticResult[] expected) =>
        Run<EmptyCodeFixProvider>(source, null, [], [], null, expected);

    /// <summary>Applies the first fix of one provider until none is left, singly and with Fix All.</summary>
    /// <remarks>
    /// In the result, mark what is still reported. There are three documents of the source, so that Fix All
    /// has more than one in a project.
    /// </remarks>
    public static Task VerifyFix<TAnalyzer, TFix>(string source, string fixedSource)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new() =>
        Run<TFix>(source, fixedSource, [new TAnalyzer()], []);

    private static Task Run<TFix>(
        string source,
        string? fixedSource,
        DiagnosticAnalyzer[] analyzers,
        (string Path, string Text)[] settings,
        MetadataReference? library = null,
        params DiagnosticResult[] expected)
        where TFix : CodeFixProvider, new()
    {
        var test = new Test<TFix>(analyzers)
        {
            TestCode = source,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            // That a diagnostic can be suppressed is checked where no fix is. The solution has one project,
            // and Fix All in that is checked.
            TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck
                | (fixedSource is null ? TestBehaviors.None : TestBehaviors.SkipSuppressionCheck),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInSolutionCheck,
            CompilerDiagnostics = CompilerDiagnostics.Warnings,
        };
        // Samples are not documented.
        test.DisabledDiagnostics.Add("CS1591");
        test.TestState.AdditionalReferences.AddRange(GeneratorRun.References);
        test.TestState.Sources.Add(("Usings.cs", Usings));
        if (library is not null)
        {
            test.TestState.AdditionalReferences.Add(library);
        }

        if (fixedSource is not null)
        {
            test.FixedState.Sources.Add(fixedSource);
            test.FixedState.Sources.Add(("Usings.cs", Usings));
            foreach (string copy in new[] { "Second", "Third" })
            {
                test.TestState.Sources.Add(($"{copy}.cs", InNamespace(copy, source)));
                test.FixedState.Sources.Add(($"{copy}.cs", InNamespace(copy, fixedSource)));
            }
        }

        foreach ((string path, string text) in settings)
        {
            test.TestState.AnalyzerConfigFiles.Add((path, text));
        }

        test.TestState.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(CancellationToken.None);
    }

    private static MetadataReference LibraryOf(string source) => MetadataReference.CreateFromImage(
        CompiledSample.Emit(CSharpCompilation.Create(
            "Library",
            [CSharpSyntaxTree.ParseText(source)],
            GeneratorRun.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))));

    // Behind the directives that a file begins with.
    private static string InNamespace(string name, string source)
    {
        int at = 0;
        while (source[at..].StartsWith("using ", StringComparison.Ordinal) || source[at] is '#' or '\n')
        {
            at = source.IndexOf('\n', at) + 1;
        }

        return source.Insert(at, $"namespace {name};\n\n");
    }

    /// <summary>What a new project has without asking, and Gain.</summary>
    internal const string Usings = """
        global using Gain;
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private sealed class Test<TFix>(DiagnosticAnalyzer[] analyzers)
        : CSharpCodeFixTest<EmptyDiagnosticAnalyzer, TFix, DefaultVerifier>
        where TFix : CodeFixProvider, new()
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() =>
            analyzers.Concat(RuleSet.Of(RuleCategory.Usage)).DistinctBy(analyzer => analyzer.GetType());

        protected override IEnumerable<Type> GetSourceGenerators() => [typeof(ProtocolGenerator)];

        protected override ParseOptions CreateParseOptions() =>
            new CSharpParseOptions(LanguageVersion.Latest);

        protected override CompilationOptions CreateCompilationOptions() =>
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable);
    }
}
