using System.Reflection;
using Gain.MutationTester;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gain.Tests.Tools;

/// <summary>Mutants behind their switches: compiled once, and each chosen in turn.</summary>
public class MutantRewriterTests
{
    private const string Source = """
        public static class Sample
        {
            private static int s_calls;

            public static string Of(int a, int b)
            {
                s_calls = 0;
                Count();
                int sum = a + b; // what it says
                if (a < b && b != 7)
                {
                    sum += 3;
                }

                return $"{sum} {s_calls} {IsOdd(sum)}";
            }

            private static bool IsOdd(int value) => (value & 1) == 1;

            private static void Count()
            {
                s_calls++;
            }
        }
        """;

    private const string Switch = """
        public static class GainMutants
        {
            public static int Chosen;

            internal static bool Is(int id) => id == Chosen;
        }
        """;

    private static IReadOnlyList<Mutant> Mutants { get; } =
        MutantSampler.Order(MutantFinder.Find("Sample.cs", Source), seed: 1);

    [Test]
    public void Every_mutant_does_what_its_change_does_and_none_is_the_original()
    {
        Assembly switched = Compile(MutantRewriter.Rewrite(Source, Mutants), Switch);
        FieldInfo chosen = switched.GetType("GainMutants", throwOnError: true)!.GetField("Chosen")!;
        Assert.That(Results(switched), Is.EqualTo(Results(Compile(Source))));
        Assert.That(Mutants, Has.Count.GreaterThan(12));
        foreach (Mutant mutant in Mutants)
        {
            string changed = Source[..mutant.Start] + mutant.After + Source[(mutant.Start + mutant.Length)..];
            chosen.SetValue(null, mutant.Id);
            Assert.That(Results(switched), Is.EqualTo(Results(Compile(changed))), mutant.ToString());
        }
    }

    [Test]
    public void Lines_stay_where_they_are()
    {
        string[] before = Source.Split('\n');
        string[] after = MutantRewriter.Rewrite(Source, Mutants).Split('\n');
        Assert.That(after, Has.Length.EqualTo(before.Length));
        Assert.That(after[8], Does.EndWith("; // what it says"));
    }

    [Test]
    public void Error_is_of_the_mutant_that_it_is_in()
    {
        foreach (Mutant mutant in Mutants)
        {
            string rewritten = MutantRewriter.Rewrite(Source, [mutant]);
            int at = rewritten.IndexOf($"Is({mutant.Id})", StringComparison.Ordinal);
            string[] before = rewritten[..at].Split('\n');
            int? found = MutantRewriter.MutantAt(rewritten, before.Length, before[^1].Length + 1);
            Assert.That(found, Is.EqualTo(mutant.Id), mutant.ToString());
        }
    }

    [Test]
    public void Error_beside_all_mutants_of_its_function_is_of_the_last_and_elsewhere_of_none()
    {
        const string Rewritten = """
            class C
            {
                int M() { int a; if (global::GainMutants.Is(1)) { } else { a = 1; } return a; }
                int N() => b;
            }
            """;
        Assert.That(MutantRewriter.MutantAt(Rewritten, 3, 81), Is.EqualTo(1));
        Assert.That(MutantRewriter.MutantAt(Rewritten, 4, 16), Is.Null);
    }

    private static string[] Results(Assembly assembly)
    {
        MethodInfo method = assembly.GetType("Sample", throwOnError: true)!.GetMethod("Of")!;
        object[][] inputs = [[1, 2], [2, 2], [3, 2], [4, 7], [6, 7], [7, 9]];
        return [.. inputs.Select(input => (string)method.Invoke(null, input)!)];
    }

    private static Assembly Compile(params string[] sources) => CompiledSample.Load(CSharpCompilation.Create(
        $"Mutated{Guid.NewGuid():N}",
        sources.Select(source => CSharpSyntaxTree.ParseText(source)),
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));
}
