namespace Gain.MutationTester;

/// <summary>The score, and what the tests did not notice.</summary>
internal static class Report
{
    public static void Write(SessionState state, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(state.ToJson());
            return;
        }

        Write(state, Outcome.Survived, "survived", output);
        Write(state, Outcome.NotCovered, "not covered", output);
        foreach (var folder in state.Results.GroupBy(result => FixtureTable.FolderOf(result.Mutant.File)))
        {
            SessionState part = state with { Results = [.. folder] };
            output.WriteLine($"{folder.Key}: {part.Count(Outcome.Killed)} of {part.Run}, {part.Score:P0}");
        }

        output.WriteLine(
            $"{state.Count(Outcome.Killed)} of {state.Run} mutants noticed ({state.Score:P1}), "
            + $"{state.Count(Outcome.Survived)} survived, {state.Count(Outcome.NotCovered)} not covered, "
            + $"{state.Count(Outcome.None)} have not run yet");
    }

    private static void Write(SessionState state, Outcome outcome, string title, TextWriter output)
    {
        foreach (MutantResult result in state.Results.Where(result => result.Outcome == outcome))
        {
            output.WriteLine($"{title}  {result.Mutant}");
        }
    }
}
