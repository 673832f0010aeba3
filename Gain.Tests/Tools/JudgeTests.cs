using Gain.MutationTester;

namespace Gain.Tests.Tools;

/// <summary>When a test that goes wrong counts against a mutant.</summary>
public sealed class JudgeTests
{
    private static readonly Mutant s_mutant =
        new(5, "Gain.Runtime/Slots/Slot.cs", 1, 0, 1, MutationOperator.Constant, "1", "2");

    private readonly List<string> _runs = [];

    [SetUp]
    public void NoRuns() => _runs.Clear();

    [Test]
    public async Task A_test_that_goes_wrong_with_the_mutant_alone_and_twice_kills_it()
    {
        MutantResult result = await JudgeAsync((mutant, test) => mutant == 5 && test == "b");
        Assert.That(result.Outcome, Is.EqualTo(Outcome.Killed));
        Assert.That(result.By, Is.EqualTo("fails b"));
        Assert.That(_runs, Is.EqualTo(new[] { "5: a b c", "0: b", "5: b" }));
    }

    [Test]
    public async Task A_test_that_goes_wrong_without_the_mutant_too_is_left_out()
    {
        MutantResult result = await JudgeAsync((_, test) => test == "b");
        Assert.That(result.Outcome, Is.EqualTo(Outcome.Survived));
        Assert.That(result.By, Is.EqualTo("2 tests, 1 flakes"));
        Assert.That(_runs, Is.EqualTo(new[] { "5: a b c", "0: b", "5: a c" }));
    }

    [Test]
    public async Task A_test_that_goes_wrong_once_is_left_out_and_another_may_kill()
    {
        int left = 1;
        MutantResult result = await JudgeAsync(
            (mutant, test) => mutant == 5 && (test == "c" || (test == "a" && left-- > 0)));
        Assert.That(result.By, Is.EqualTo("fails c"));
        Assert.That(_runs, Is.EqualTo(new[] { "5: a b c", "0: a", "5: a", "5: b c", "0: c", "5: c" }));
    }

    [Test]
    public async Task A_fixture_that_goes_wrong_is_asked_again_with_all_its_tests()
    {
        var plan = new TestPlan([[Named("F.a"), Named("G.a")], [Named("F.b")]]);
        int runs = 0;
        MutantResult result = await new Judge((mutant, asked) =>
        {
            _runs.Add($"{mutant}: {string.Join(' ', asked.Tests.Select(test => test.Name))}");
            return Task.FromResult(runs++ == 0 ? new TestRun(0, "fails F", "F") : new TestRun(1, null, ""));
        }).JudgeAsync(s_mutant, plan);
        Assert.That(result.Outcome, Is.EqualTo(Outcome.Survived));
        Assert.That(_runs, Is.EqualTo(new[] { "5: F.a G.a F.b", "0: F.a F.b", "5: F.a F.b", "5: G.a" }));
    }

    private Task<MutantResult> JudgeAsync(Func<int, string, bool> goesWrong)
    {
        var plan = new TestPlan([[Named("a"), Named("b")], [Named("c")]]);
        return new Judge((mutant, asked) =>
        {
            string[] names = [.. asked.Tests.Select(test => test.Name)];
            _runs.Add($"{mutant}: {string.Join(' ', names)}");
            string? wrong = Array.Find(names, name => goesWrong(mutant, name));
            return Task.FromResult(
                wrong is null
                    ? new TestRun(names.Length, null, "")
                    : new TestRun(0, $"fails {wrong}", wrong));
        }).JudgeAsync(s_mutant, plan);
    }

    private static ReachedTest Named(string name) => new(name, 1, "Passed", [5]);
}
