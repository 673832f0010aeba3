using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gain.MutationTester;

/// <summary>
/// Builds the copy. Mutants that do not compile, which only the compiler knows, are taken out again, and the
/// next ones take their places.
/// </summary>
internal sealed partial class ScratchBuild(ScratchTree tree, TextWriter progress)
{
    private const int MaxRounds = 12;

    // The compiler says what it finds in one stage of several, so that there are new errors without new
    // mutants.
    private const int RoundsWithReplacement = 4;

    /// <summary>The mutants that are in the build.</summary>
    public IReadOnlyList<Mutant> Build(IReadOnlyList<Mutant> ordered, int count)
    {
        List<Mutant> chosen = [.. ordered.Take(count)];
        int taken = chosen.Count;
        for (int round = 1; round <= MaxRounds; round++)
        {
            Dictionary<string, string> rewritten = Rewrite(chosen);
            tree.Write(rewritten);
            HashSet<int> broken = [];
            foreach (string project in ProjectsOf(chosen))
            {
                broken.UnionWith(Compile(project, rewritten));
            }

            if (broken.Count == 0)
            {
                foreach (string project in FixtureTable.Projects)
                {
                    _ = Compile(project, rewritten);
                }

                return chosen;
            }

            progress.WriteLine($"{broken.Count} of {chosen.Count} mutants do not compile");
            chosen.RemoveAll(mutant => broken.Contains(mutant.Id));
            if (round <= RoundsWithReplacement)
            {
                chosen.AddRange(ordered.Skip(taken).Take(broken.Count));
                taken += broken.Count;
            }
        }

        throw new InvalidOperationException(
            $"After {MaxRounds} builds there are mutants that do not compile.");
    }

    private static IEnumerable<string> ProjectsOf(IEnumerable<Mutant> mutants) =>
        mutants.Select(mutant => mutant.File[..mutant.File.IndexOf('/')]).Distinct();

    private Dictionary<string, string> Rewrite(IEnumerable<Mutant> mutants) => mutants
        .GroupBy(mutant => mutant.File)
        .ToDictionary(file => file.Key, file => MutantRewriter.Rewrite(tree.Read(file.Key), file));

    private HashSet<int> Compile(string project, Dictionary<string, string> rewritten)
    {
        progress.WriteLine($"building {project}");
        var start = new ProcessStartInfo("dotnet",
        [
            "build", project, "-c", "Release", "-v", "q", "--nologo", "-p:RunAnalyzers=false",
            "-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:WarningLevel=0",
            "-p:GenerateProgramFile=false", "-p:NuGetAudit=false",
        ])
        {
            WorkingDirectory = tree.Copy,
            RedirectStandardOutput = true,
        };
        using Process build = Process.Start(start)!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode == 0)
        {
            return [];
        }

        HashSet<int> broken = [];
        foreach (Match error in Errors().Matches(output))
        {
            string file = Path.GetRelativePath(tree.Copy, error.Groups["path"].Value);
            int line = int.Parse(error.Groups["line"].Value, CultureInfo.InvariantCulture);
            int column = int.Parse(error.Groups["column"].Value, CultureInfo.InvariantCulture);
            if (rewritten.TryGetValue(file, out string? text)
                && MutantRewriter.MutantAt(text, line, column) is { } id)
            {
                broken.Add(id);
            }
        }

        return broken.Count != 0
            ? broken
            : throw new InvalidOperationException(
                $"{project} does not compile, for no mutant's sake:\n{output}");
    }

    [GeneratedRegex(@"^\s*(?<path>/[^(\n]+)\((?<line>\d+),(?<column>\d+)\): error ", RegexOptions.Multiline)]
    private static partial Regex Errors();
}
