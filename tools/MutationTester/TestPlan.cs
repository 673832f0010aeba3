namespace Gain.MutationTester;

/// <summary>
/// The tests that judge a mutant: those that reach it, without servers before with servers, quick ones
/// first, and only as many as its time takes.
/// </summary>
/// <param name="Groups">NUnit runs a group at a time, each in an order of its own.</param>
internal sealed record TestPlan(IReadOnlyList<IReadOnlyList<ReachedTest>> Groups)
{
    private const double FirstGroupSeconds = 1;

    public IEnumerable<ReachedTest> Tests => Groups.SelectMany(group => group);

    /// <param name="budget">Seconds of the unmutated tests.</param>
    public static TestPlan For(Mutant mutant, IEnumerable<ReachedTest> tests, double budget)
    {
        string[] fast = FixtureTable.Folders[FixtureTable.FolderOf(mutant.File)].Fast;
        IEnumerable<ReachedTest> ordered = tests
            .Where(test => test.Passed && test.Mutants.Contains(mutant.Id))
            .DistinctBy(test => test.Name)
            .OrderBy(test => IsOf(test, fast) ? 0 : 1)
            .ThenBy(test => test.Seconds);
        var groups = new List<IReadOnlyList<ReachedTest>>();
        var group = new List<ReachedTest>();
        double spent = 0;
        double inGroup = 0;
        double most = FirstGroupSeconds;
        foreach (ReachedTest test in ordered.TakeWhile(test => (spent += test.Seconds) <= budget))
        {
            if (group.Count != 0 && inGroup + test.Seconds > most)
            {
                groups.Add(group);
                (group, inGroup, most) = ([], 0, most * 2);
            }

            group.Add(test);
            inGroup += test.Seconds;
        }

        if (group.Count != 0)
        {
            groups.Add(group);
        }

        return new TestPlan(groups);
    }

    /// <summary>The test of that name, those of the fixture, or the first ones if there are none.</summary>
    public TestPlan Only(string name)
    {
        ReachedTest[] named = [.. Tests.Where(test => test.Name == name)];
        ReachedTest[] below = name.Length == 0
            ? []
            : [.. Tests.Where(test => test.Name.StartsWith(name, StringComparison.Ordinal))];
        return new TestPlan([named.Length != 0 ? named : below.Length != 0 ? below : Groups[0]]);
    }

    /// <summary>What is left without the tests of another plan.</summary>
    public TestPlan Without(TestPlan other)
    {
        HashSet<string> gone = [.. other.Tests.Select(test => test.Name)];
        return Where(test => !gone.Contains(test.Name));
    }

    /// <summary>The parts of each project, which is a process of its own, in the order of their first
    /// tests.</summary>
    public IEnumerable<(string Project, TestPlan Plan)> ByProject() => Tests
        .Select(test => FixtureTable.ProjectOf(test.Name))
        .Distinct()
        .Select(project => (project, Where(test => FixtureTable.ProjectOf(test.Name) == project)));

    /// <summary>As the host reads it: a name a line, an empty line between groups.</summary>
    public string ToText() =>
        string.Join("\n\n", Groups.Select(group => string.Join('\n', group.Select(test => test.Name))));

    private TestPlan Where(Func<ReachedTest, bool> isKept) => new(
        [
            .. Groups.Select(group => (ReachedTest[])[.. group.Where(isKept)])
                .Where(group => group.Length != 0),
        ]);

    private static bool IsOf(ReachedTest test, string[] namespaces) =>
        namespaces.Any(space => test.Name.StartsWith(space + ".", StringComparison.Ordinal));
}
