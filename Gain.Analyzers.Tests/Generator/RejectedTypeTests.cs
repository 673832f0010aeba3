namespace Gain.Tests.Generator;

/// <summary>
/// Where no code can be added to a struct, none is: the user sees the compiler's own errors, if there are
/// any, and the analyzers'; nothing follows from them.
/// </summary>
public sealed class RejectedTypeTests
{
    private const string Body = "{ private void OnDrained() { } }";
    private const string Struct = $"[Gain.GainProtocol] partial struct A {Body}";

    [TestCase("[Gain.GainProtocol] struct A")]
    [TestCase("[Gain.GainProtocol] record struct A")]
    [TestCase("[Gain.GainProtocol] ref partial struct A")]
    [TestCase("[Gain.GainProtocol] file partial struct A")]
    [TestCase("[Gain.GainProtocol] partial class A")]
    [TestCase("[Gain.GainProtocol] partial record A")]
    [TestCase("[Gain.GainProtocol] partial interface A")]
    [TestCase("[Gain.GainProtocol] partial struct ")]
    public void Emits_nothing_for(string head) => AssertEmitsNothing($"{head} {Body}");

    [TestCase("class P")]
    [TestCase("struct P<T>")]
    [TestCase("file partial class P")]
    [TestCase("partial class")]
    public void Emits_nothing_for_a_struct_nested_in(string parent)
    {
        AssertEmitsNothing($"{parent} {{ {Struct} }}");
        AssertEmitsNothing($"{parent} {{ partial class Q {{ {Struct} }} }}");
    }

    [Test]
    public void Emits_nothing_where_only_the_struct_is_partial() =>
        AssertEmitsNothing($"partial class P {{ class Q {{ {Struct} }} }}");

    [Test]
    public void Emits_nothing_for_an_attribute_of_the_same_name() =>
        AssertEmitsNothing($"""
            class GainProtocolAttribute : System.Attribute;
            [GainProtocol] partial struct A {Body}
            """);

    [Test]
    public void Emits_once_for_an_attribute_on_two_parts()
    {
        GeneratorRun run = GeneratorRun.Of(
            "[Gain.GainProtocol] partial struct A { private void OnDrained() { } }",
            "[Gain.GainProtocol] partial struct A { private void OnReadClosed() { } }");

        Assert.That(run.Result.Exception, Is.Null);
        Assert.That(run.Result.GeneratedSources, Has.Length.EqualTo(1));
        Assert.That(run.Problems, Is.EqualTo(run.InputProblems));
        Assert.That(run.Problems, Has.Exactly(1).Contains("CS0579"));
        Assert.That(run.Text, Does.Contain("OnDrained()").And.Contain("OnReadClosed()"));
    }

    [Test]
    public void Emits_for_the_others_in_the_same_project()
    {
        GeneratorRun run = GeneratorRun.Of(
            "[Gain.GainProtocol] struct A; [Gain.GainProtocol] partial struct B;");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("partial struct B"));
    }

    private static void AssertEmitsNothing(string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);

        Assert.That(run.Result.Exception, Is.Null, source);
        Assert.That(run.Result.Diagnostics, Is.Empty, source);
        Assert.That(run.Result.GeneratedSources, Is.Empty, source);
        Assert.That(run.Problems, Is.EqualTo(run.InputProblems), source);
    }
}
