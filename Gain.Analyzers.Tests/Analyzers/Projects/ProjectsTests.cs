using System.Collections.Immutable;
using Gain.Analyzers.Projects;
using Gain.Tests.Analyzers.Allocation;
using Gain.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests.Analyzers.Projects;

/// <summary>What a referenced project says of its methods is known where they are called.</summary>
public sealed class ProjectsTests
{
    private const string Deep = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        namespace Deep;
        public static class Bottom
        {
            public static object Make() => new object();
            public static int Add(int value) => value + 1;
            public static void Wait() => Thread.Sleep(1);
            public static void Grow(List<int> list) => list.Add(1);
            public static int Ask(IComparable<int> other) => other.CompareTo(1);
            public static int Both(List<int> list, IComparable<int> other)
            {
                list.Add(1);
                return other.CompareTo(1);
            }
            public static T Same<T>(T value) => value;
            public static object Box<T>(T value) => value;
        }
        public readonly struct Size(int value)
        {
            public int Value => value;
            public string Text => value.ToString();
            public static Size operator +(Size left, Size right) => new(left.Value + right.Value);
            public static implicit operator string(Size size) => size.Text;
        }
        """;

    private const string Middle = """
        using System;
        using System.Collections.Generic;
        using Deep;
        namespace Middle;
        public static class Between
        {
            public static object Make() => Bottom.Make();
            public static int Add(int value) => Bottom.Add(Inner(value));
            public static void Wait() => Bottom.Wait();
            public static void Grow(List<int> list) => Bottom.Grow(list);
            public static int Ask(IComparable<int> other) => Bottom.Ask(other);
            public static int Both(List<int> list, IComparable<int> other) => Bottom.Both(list, other);
            private static int Inner(int value) => value;
        }
        """;

    [TestCase("Between.Make();", "GAIN1012")]
    [TestCase("Between.Add(1);", "")]
    [TestCase("Between.Wait();", "GAIN2008")]
    [TestCase("Between.Grow(s_list);", "GAIN1017")]
    [TestCase("Between.Ask(s_other);", "GAIN1013")]
    [TestCase("Between.Both(s_list, s_other);", "GAIN1013")]
    [TestCase("Deep.Bottom.Same(1);", "GAIN1013")]
    [TestCase("Deep.Bottom.Box(1);", "GAIN1013")]
    [TestCase("Further();", "GAIN1014")]
    [TestCase("Waiting();", "GAIN2008")]
    [TestCase("s_text = new Deep.Size(1).Text;", "GAIN1007")]
    [TestCase("s_size = new Deep.Size(1) + new Deep.Size(2);", "")]
    [TestCase("s_text = new Deep.Size(1);", "GAIN1007")]
    public async Task What_a_referenced_project_does_is_known(string call, string expected)
    {
        Assert.That(await IdsOf(call, summarizes: true, asImages: true), Is.EqualTo(Ids(expected)));
        Assert.That(await IdsOf(call, summarizes: true, asImages: false), Is.EqualTo(Ids(expected)));
    }

    [TestCase("Between.Make();")]
    [TestCase("Between.Add(1);")]
    [TestCase("Between.Wait();")]
    public async Task Without_its_word_nothing_is_known(string call) =>
        Assert.That(await IdsOf(call, summarizes: false, asImages: true), Is.EqualTo(Ids("GAIN1013")));

    [Test]
    public void Program_says_nothing_of_itself()
    {
        Compilation program = Compile("Program", Deep, []);
        program = program.WithOptions(
            program.Options.WithOutputKind(OutputKind.ConsoleApplication));

        Assert.That(Summarized(program).SyntaxTrees.Count(), Is.EqualTo(1));
    }

    [Test]
    public void Body_that_another_generator_will_write_is_not_called_free()
    {
        Compilation library = Compile("Library", """
            namespace Library;
            public static partial class Written
            {
                public static partial int Later();
                public static int Now() => Later();
                public static int Missing() => Elsewhere.Later();
                public static int Free() => 1;
            }
            """, []);
        string text = Summarized(library).SyntaxTrees.Last().ToString();

        Assert.That(text, Does.Contain("+Free"));
        Assert.That(text, Does.Not.Contain("+Later").And.Not.Contain("+Now").And.Not.Contain("+Missing"));
    }

    private static string[] Ids(string expected) => expected.Length == 0 ? [] : [expected];

    private static async Task<string[]> IdsOf(string call, bool summarizes, bool asImages)
    {
        Compilation deep = Compile("Deep", Deep, []);
        deep = summarizes ? Summarized(deep) : deep;
        MetadataReference deepReference = Reference(deep, asImages);
        Compilation middle = Compile("Middle", Middle, [deepReference]);
        middle = summarizes ? Summarized(middle) : middle;
        Compilation program = Compile("Program", $$"""
            using System;
            using System.Collections.Generic;
            using Gain;
            using Middle;
            [GainProtocol]
            public partial struct Handler
            {
                private static List<int> s_list = [];
                private static IComparable<int> s_other = 1;
                private static string s_text;
                private static Deep.Size s_size;

                private void OnRead(Connection connection, ReadOnlySpan<byte> data)
                {
                    {{call}}
                }

                private static void Further() => Between.Make();

                private static void Waiting() => Between.Wait();
            }
            """, [deepReference, Reference(middle, asImages)]);
        ImmutableArray<Diagnostic> found = await HotPathRun.Of(program);
        return [.. found.Select(one => one.Id).Distinct().Order(StringComparer.Ordinal)];
    }

    private static CSharpCompilation Compile(
        string name, string source, IEnumerable<MetadataReference> references) =>
        CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source, HotPathRun.ParseOptions)],
            [.. GeneratorRun.References, .. references],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static Compilation Summarized(Compilation compilation)
    {
        CSharpGeneratorDriver.Create(
                [new SummaryGenerator().AsSourceGenerator()], parseOptions: HotPathRun.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return output;
    }

    private static MetadataReference Reference(Compilation compilation, bool asImage) => asImage
        ? MetadataReference.CreateFromImage(CompiledSample.Emit(compilation))
        : compilation.ToMetadataReference();
}
