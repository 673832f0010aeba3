using Gain.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests.Generator;

/// <summary>What an edit makes the generator do again: as little as possible.</summary>
public sealed class CachingTests
{
    private const string Unrelated = "namespace Other; internal static class Unrelated { }";

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Gives_equal_models_for_the_same_source(string name, string source)
    {
        object? first = GeneratorRun.Of(source).ValuesOf(TrackingNames.Protocols).Single();
        object? second = GeneratorRun.Of(source).ValuesOf(TrackingNames.Protocols).Single();

        Assert.That(first, Is.Not.Null);
        Assert.That(second, Is.Not.SameAs(first), name);
        Assert.That(second, Is.EqualTo(first), name);
        Assert.That(second!.GetHashCode(), Is.EqualTo(first!.GetHashCode()), name);
    }

    [Test]
    public void Gives_different_models_for_different_samples()
    {
        List<object?> models =
        [
            .. Samples.All.Select(sample =>
                GeneratorRun.Of((string)sample.Arguments[1]!).ValuesOf(TrackingNames.Protocols).Single()),
        ];

        Assert.That(models, Is.Unique);
    }

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Caches_every_step_when_an_unrelated_file_is_added(string name, string source)
    {
        GeneratorRun second = GeneratorRun.Of(source)
            .Again(compilation => compilation.AddSyntaxTrees(GeneratorRun.Parse(Unrelated)));

        AssertCached(second, name);
    }

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Caches_every_step_when_an_unrelated_file_changes(string name, string source)
    {
        string changed = Unrelated.Replace("{ }", "{ public static int X; }");
        GeneratorRun second = GeneratorRun.Of(source, Unrelated)
            .Again(compilation => Replace(compilation, 1, changed));

        AssertCached(second, name);
    }

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Caches_every_step_when_a_comment_is_added(string name, string source)
    {
        string commented = "// One.\n" + source.Replace("partial struct", "/* Another. */ partial struct");
        GeneratorRun second = GeneratorRun.Of(source)
            .Again(compilation => Replace(compilation, 0, commented));

        AssertCached(second, name);
    }

    [TestCase(nameof(Samples.Echo), Samples.Echo, "Last = data.Length;", "Last += 2 * data.Length;")]
    [TestCase(nameof(Samples.Lines), Samples.Lines, "_count += line.Length;", "_count++;")]
    [TestCase(nameof(Samples.Counter), Samples.Counter, "Count++;", "Count--;")]
    public void Caches_every_step_when_a_method_body_changes(
        string name,
        string source,
        string old,
        string @new)
    {
        GeneratorRun second = GeneratorRun.Of(source)
            .Again(compilation => Replace(compilation, 0, Edit(source, old, @new)));

        AssertCached(second, name);
    }

    [Test]
    public void Caches_every_step_when_a_parameter_is_renamed()
    {
        GeneratorRun second = GeneratorRun.Of(Samples.Echo)
            .Again(compilation => Replace(compilation, 0, Samples.Echo.Replace("data", "bytes")));

        AssertCached(second, nameof(Samples.Echo));
    }

    [TestCase(Samples.Echo, "void OnRead(Connection connection, ", "void OnRead(")]
    [TestCase(Samples.Echo, "void OnRead", "void OnRaed")]
    [TestCase(Samples.Lines, "4096", "4097")]
    [TestCase(Samples.Lines, @"\r\n", @"\n")]
    [TestCase(Samples.Counter, "record struct", "struct")]
    [TestCase(Samples.Prefixed, "Size = 4", "Size = 2")]
    [TestCase(Samples.Prefixed, "65_536", "65_537")]
    [TestCase(Samples.Adjusted, "BigEndian = false", "BigEndian = true")]
    [TestCase(Samples.Adjusted, "Offset = 2", "Offset = 1")]
    [TestCase(Samples.Adjusted, "Adjustment = 3", "Adjustment = -3")]
    [TestCase(Samples.Records, "32", "33")]
    [TestCase(Samples.Varints, "70_000", "70_001")]
    [TestCase(Samples.Tiny, "IncludesHeader = true, ", "")]
    public void Emits_again_when_a_declaration_changes(string source, string old, string @new)
    {
        GeneratorRun first = GeneratorRun.Of(source);
        GeneratorRun second = first.Again(compilation => Replace(compilation, 0, Edit(source, old, @new)));

        Assert.That(
            ReasonsOf(second, TrackingNames.Protocols),
            Is.EqualTo(new[] { IncrementalStepRunReason.Modified }));
        Assert.That(second.Text, Is.Not.EqualTo(first.Text));
    }

    private static void AssertCached(GeneratorRun second, string name)
    {
        foreach (string step in TrackingNames.All)
        {
            Assert.That(
                ReasonsOf(second, step),
                Is.Not.Empty.And.All.AnyOf(
                    IncrementalStepRunReason.Cached,
                    IncrementalStepRunReason.Unchanged),
                $"{name}: {step}");
        }

        IEnumerable<IncrementalStepRunReason> outputs = second.Result.TrackedOutputSteps
            .SelectMany(step => step.Value)
            .SelectMany(run => run.Outputs)
            .Select(output => output.Reason);
        Assert.That(outputs, Is.Not.Empty.And.All.EqualTo(IncrementalStepRunReason.Cached), name);
    }

    private static IncrementalStepRunReason[] ReasonsOf(GeneratorRun run, string step) =>
        [.. run.Result.TrackedSteps[step].SelectMany(one => one.Outputs).Select(output => output.Reason)];

    private static CSharpCompilation Replace(CSharpCompilation compilation, int index, string source) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[index], GeneratorRun.Parse(source));

    private static string Edit(string source, string old, string @new)
    {
        Assert.That(source, Does.Contain(old));
        return source.Replace(old, @new);
    }
}
