/// <summary>Which mutant this process is: GAIN_MUTANT says it at the start, and nothing changes it.</summary>
internal static class GainMutants
{
    private static readonly int s_chosen = Parse(System.Environment.GetEnvironmentVariable("GAIN_MUTANT"));

    // The host's, and the same in each mutated assembly; none unless it asks what is reached.
    private static readonly bool[]? s_reached =
        System.AppDomain.CurrentDomain.GetData(nameof(GainMutants)) as bool[];

    internal static bool Is(int id)
    {
        if (s_reached is not null)
        {
            s_reached[id] = true;
        }

        return id == s_chosen;
    }

    private static int Parse(string? text) => int.TryParse(text, out int id) ? id : 0;
}
