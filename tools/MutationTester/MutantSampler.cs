namespace Gain.MutationTester;

/// <summary>
/// The order in which mutants are taken: one of each file in turn, so that a long file has no more to say
/// than a short one. The same for a seed every time.
/// </summary>
internal static class MutantSampler
{
    public static IReadOnlyList<Mutant> Order(IEnumerable<Mutant> mutants, int seed)
    {
        var random = new Random(seed);
        List<Queue<Mutant>> files =
        [
            .. mutants.GroupBy(mutant => mutant.File)
                .OrderBy(file => file.Key, StringComparer.Ordinal)
                .Select(file => Shuffled(file, random)),
        ];
        var ordered = new List<Mutant>();
        while (files.Count != 0)
        {
            Mutant[] round = [.. files.Select(file => file.Dequeue())];
            random.Shuffle(round);
            ordered.AddRange(round);
            files.RemoveAll(file => file.Count == 0);
        }

        return [.. ordered.Select((mutant, index) => mutant with { Id = index + 1 })];
    }

    private static Queue<Mutant> Shuffled(IEnumerable<Mutant> file, Random random)
    {
        Mutant[] mutants = [.. file];
        random.Shuffle(mutants);
        return new Queue<Mutant>(mutants);
    }
}
