using System.Globalization;

namespace Gain.MutationTester;

/// <summary>
/// Chooses, builds, and runs mutants, as far as the time goes. What is known is written after each mutant;
/// with new tests the mutants that were not noticed run again, with a new engine all do.
/// </summary>
internal sealed class Session(ScratchTree tree, TestHost host, SessionChoice choice, TextWriter progress)
{
    private readonly string _path = Path.Combine(tree.Scratch, "state.json");

    public IReadOnlyList<Mutant> Order() => MutantSampler.Order(
        choice.Folders.SelectMany(tree.SourcesIn)
            .SelectMany(file => MutantFinder.Find(file, tree.Read(file))),
        choice.Seed);

    public async Task<SessionState> RunAsync(DateTime end, int? only)
    {
        SessionState state = Prepare();
        var tests = new List<ReachedTest>();
        int highest = state.Results.Max(result => result.Mutant.Id);
        foreach ((string part, string[] fixtures) in
            FixtureTable.NamespacesOf(choice.Folders).SelectMany(host.PartsOf))
        {
            if (DateTime.UtcNow >= end)
            {
                return state;
            }

            progress.WriteLine($"what {part} reaches");
            tests.AddRange(host.Reach(part, fixtures, highest));
        }

        foreach (string failed in tests.Where(test => test.Failed).Select(test => test.Name))
        {
            progress.WriteLine($"left out, as it does not pass without mutants: {failed}");
        }

        for (int index = 0; index < state.Results.Count && DateTime.UtcNow < end; index++)
        {
            MutantResult known = state.Results[index];
            if (only is { } id ? known.Mutant.Id != id : known.Outcome != Outcome.None)
            {
                continue;
            }

            TestPlan plan = TestPlan.For(known.Mutant, tests, choice.Budget);
            MutantResult result = plan.Groups.Count == 0
                ? new MutantResult(known.Mutant, Outcome.NotCovered, "")
                : await new Judge(host.RunAsync).JudgeAsync(known.Mutant, plan);
            progress.WriteLine($"{result.Mutant}\n      {result.Outcome} {result.By}");
            MutantResult[] results = [.. state.Results];
            results[index] = result;
            state = state with { Results = results };
            state.Write(_path);
        }

        return state;
    }

    private SessionState Prepare()
    {
        string folders = string.Join(' ', choice.Folders);
        string key = string.Create(
            CultureInfo.InvariantCulture, $"{folders} {choice.Count} {choice.Seed} {tree.EngineKey()}");
        string testsKey = tree.TestsKey();
        SessionState? known = SessionState.Read(_path);
        if (known is not null && known.Key == key && known.TestsKey == testsKey)
        {
            return known;
        }

        var build = new ScratchBuild(tree, progress);
        host.Forget();
        SessionState state;
        if (known is not null && known.Key == key)
        {
            Mutant[] same = [.. known.Results.Select(result => result.Mutant)];
            build.Build(same, same.Length);
            state = known with
            {
                TestsKey = testsKey,
                Results =
                [
                    .. known.Results.Select(result => result.Outcome == Outcome.Killed
                        ? result
                        : result with { Outcome = Outcome.None, By = "" }),
                ],
            };
        }
        else
        {
            IReadOnlyList<Mutant> ordered = Order();
            if (ordered.Count == 0)
            {
                throw new InvalidOperationException($"There is nothing to mutate in {folders}.");
            }

            state = new SessionState(
                key,
                testsKey,
                [
                    .. build.Build(ordered, choice.Count)
                        .Select(mutant => new MutantResult(mutant, Outcome.None, "")),
                ]);
        }

        state.Write(_path);
        return state;
    }
}
