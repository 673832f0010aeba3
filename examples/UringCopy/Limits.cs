using System.CommandLine.Parsing;

namespace Gain.UringCopy;

/// <summary>What a number of the command line may be.</summary>
internal static class Limits
{
    public static void Check(OptionResult result, string name, int least, int most)
    {
        if (result.Errors.Any() || result.GetValueOrDefault<int>() < least
            || result.GetValueOrDefault<int>() > most)
        {
            result.AddError($"{name} takes a whole number from {least} to {most:N0}.");
        }
    }
}
