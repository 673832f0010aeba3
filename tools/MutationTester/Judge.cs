namespace Gain.MutationTester;

/// <summary>
/// Says what became of a mutant. A test that goes wrong is asked again before it counts: without the mutant
/// it has to pass, and with it to go wrong once more. One that does not was a flake, or had too little of a
/// busy machine, and the others go on without it.
/// </summary>
/// <param name="run">Runs the tests of a plan with a mutant; 0 is none.</param>
internal sealed class Judge(Func<int, TestPlan, Task<TestRun>> run)
{
    private const int None = 0;

    public async Task<MutantResult> JudgeAsync(Mutant mutant, TestPlan plan)
    {
        int flakes = 0;
        int passed = 0;
        for (TestPlan left = plan; left.Groups.Count != 0;)
        {
            TestRun first = await run(mutant.Id, left);
            if (first.HasPassed)
            {
                passed = first.Passed;
                break;
            }

            TestPlan again = left.Only(first.Test);
            if ((await run(None, again)).HasPassed && !(await run(mutant.Id, again)).HasPassed)
            {
                return new MutantResult(mutant, Outcome.Killed, first.Wrong!);
            }

            flakes++;
            left = left.Without(again);
        }

        string besides = flakes == 0 ? "" : $", {flakes} flakes";
        return new MutantResult(mutant, Outcome.Survived, $"{passed} tests{besides}");
    }
}
