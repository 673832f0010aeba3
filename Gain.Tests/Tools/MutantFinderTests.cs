using Gain.MutationTester;

namespace Gain.Tests.Tools;

/// <summary>Which changes are made of which code.</summary>
[Parallelizable(ParallelScope.All)]
public class MutantFinderTests
{
    [TestCase("if (a < b) { }", "Negate a < b: !(a < b)", "Boundary a < b: (a) <= (b)")]
    [TestCase("if (a == b) { }", "Negate a == b: !(a == b)")]
    [TestCase("while (Go()) { }", "Negate Go(): !(Go())")]
    [TestCase("do { } while (a >= b);", "Negate a >= b: !(a >= b)", "Boundary a >= b: (a) > (b)")]
    [TestCase("bool c = a != b;", "Equality a != b: (a) == (b)")]
    [TestCase("bool c = Go() && Stop();", "Logic Go() && Stop(): (Go()) || (Stop())")]
    [TestCase("int c = a - b;", "Arithmetic a - b: (a) + (b)")]
    [TestCase("a += b;", "Arithmetic a += b;: a -= b;")]
    [TestCase("a--;", "Arithmetic a--;: a++;")]
    [TestCase("a = 5;", "Constant 5: 6", "Constant 5: 4")]
    [TestCase("a = 0;", "Constant 0: 1")]
    [TestCase("ulong c = 0xFFUL;", "Constant 0xFFUL: 256UL", "Constant 0xFFUL: 254UL")]
    [TestCase("Go();", "Call Go();: ")]
    [TestCase("flags |= Flags.A;", "Flags flags |= Flags.A;: ")]
    [TestCase("flags &= ~Flags.A;", "Flags flags &= ~Flags.A;: ")]
    [TestCase("a = Go() ? b : d;", "Negate Go(): !(Go())")]
    public void Statement_has_the_mutants_of(string statement, params string[] expected) =>
        Assert.That(Found($"class C {{ void M() {{ {statement} }} }}"), Is.EquivalentTo(expected));

    [TestCase("bool M() => true;", "Return true: false")]
    [TestCase("bool M() { return Go(); }", "Return Go(): !(Go())")]
    [TestCase("bool P => Go();", "Return Go(): !(Go())")]
    [TestCase("long M() => _count;", "Return _count: default(long)")]
    [TestCase("bool M() => a == b;", "Equality a == b: (a) != (b)")]
    public void Member_has_the_mutants_of(string member, params string[] expected) =>
        Assert.That(Found($"class C {{ {member} }}"), Is.EquivalentTo(expected));

    [TestCase("const int A = 1;")]
    [TestCase("static readonly int s_a = 1 + 2;")]
    [TestCase("static C() { Go(); }")]
    [TestCase("[Size(4)] string A(int b = 3) => b switch { 1 => s_x, _ => s_y };")]
    [TestCase("void M() { switch (a) { case 1: break; } }")]
    [TestCase("void M() { const int B = 2; }")]
    [TestCase("void M() { a = 1 << 4; }")]
    [TestCase("void M() { throw new E(1 + 2); }")]
    [TestCase("void M() { Debug.Assert(a < b); }")]
    [TestCase("void M() { Log.Stopped(_logger, a + b); }")]
    [TestCase("void M() { while (true) { break; } }")]
    [TestCase("void M() { if (a is 1 or > 2 and { } b) { return; } }")]
    [TestCase("void M() { s = $\"{a + b}\" + c; }")]
    [TestCase("void M() { Take(out int a); }")]
    [TestCase("public override string ToString() => Text(1);")]
    public void Nothing_changes_in(string member) => Assert.That(Found($"class C {{ {member} }}"), Is.Empty);

    [Test]
    public void Order_takes_of_each_file_in_turn_and_is_the_same_for_a_seed()
    {
        IReadOnlyList<Mutant> few = MutantFinder.Find("few.cs", "class C { bool M() => true; }");
        IReadOnlyList<Mutant> many =
            MutantFinder.Find("many.cs", "class C { void M() { a = 1; b = 2; c = 3; d(); e(); } }");
        IReadOnlyList<Mutant> ordered = MutantSampler.Order([.. many, .. few], seed: 1);

        Assert.Multiple(() =>
        {
            string[] first = [.. ordered.Take(2).Select(mutant => mutant.File)];
            Assert.That(first, Is.EquivalentTo(["few.cs", "many.cs"]));
            Assert.That(ordered, Has.Count.EqualTo(few.Count + many.Count));
            Assert.That(ordered.Select(mutant => mutant.Id), Is.EqualTo(Enumerable.Range(1, ordered.Count)));
            Assert.That(MutantSampler.Order([.. few, .. many], seed: 1), Is.EqualTo(ordered));
            Assert.That(MutantSampler.Order([.. few, .. many], seed: 2), Is.Not.EqualTo(ordered));
        });
    }

    private static IEnumerable<string> Found(string source) => MutantFinder.Find("a.cs", source)
        .Select(mutant => $"{mutant.Operator} {mutant.Before}: {mutant.After}");
}
