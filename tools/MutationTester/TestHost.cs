using System.Diagnostics;
using System.Globalization;

namespace Gain.MutationTester;

/// <summary>Starts the mutated tests, each time in a process of its own.</summary>
/// <param name="slack">How many times longer than unmutated a test may take.</param>
internal sealed class TestHost(ScratchTree tree, double slack)
{
    private const int FixturesInPart = 16;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(15);

    /// <summary>The fixtures of a namespace, in parts that run by themselves.</summary>
    public IEnumerable<(string Name, string[] Fixtures)> PartsOf(string space) =>
        FixturesOf(space).Chunk(FixturesInPart).Select((fixtures, index) => ($"{space}.{index}", fixtures));

    /// <summary>What each test of the fixtures takes, and which mutants it reaches.</summary>
    /// <param name="part">Under this name it is kept.</param>
    public IReadOnlyList<ReachedTest> Reach(string part, string[] fixtures, int mutants)
    {
        string folder = Path.Combine(tree.Scratch, "reach");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, part + ".txt");
        if (!File.Exists(path))
        {
            string count = mutants.ToString(CultureInfo.InvariantCulture);
            using Process host = Start(0, ["reach", path + ".new", count, .. fixtures]);
            host.StandardOutput.ReadToEnd();
            host.WaitForExit();
            if (host.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"The unmutated tests of {part} ended with {host.ExitCode}.");
            }

            File.Move(path + ".new", path);
        }

        return [.. File.ReadLines(path).Select(ReachedTest.Parse)];
    }

    /// <summary>Forgets what was reached, as there are other tests or mutants now.</summary>
    public void Forget()
    {
        string folder = Path.Combine(tree.Scratch, "reach");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs the plan until a test fails, crashes or hangs.</summary>
    public async Task<MutantResult> RunAsync(Mutant mutant, TestPlan plan)
    {
        string path = Path.Combine(tree.Scratch, "plan.txt");
        await File.WriteAllTextAsync(path, plan.ToText());
        Dictionary<string, double> seconds = plan.Tests.ToDictionary(test => test.Name, test => test.Seconds);
        using Process host = Start(mutant.Id, ["run", path]);
        string test = "the start of the tests";
        string? failure = null;
        int passed = 0;
        double patience = s_least.TotalSeconds * 2;
        while (true)
        {
            string? line;
            try
            {
                line = await host.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(patience));
            }
            catch (TimeoutException)
            {
                host.Kill(entireProcessTree: true);
                await host.WaitForExitAsync();
                return new MutantResult(mutant, Outcome.Killed, $"hangs in {test}");
            }

            if (line is null)
            {
                break;
            }

            string[] parts = line.Split('\t', 2);
            switch (parts[0])
            {
                case "start":
                    test = parts[1];
                    patience = s_least.TotalSeconds + slack * seconds.GetValueOrDefault(test);
                    break;
                case "failed":
                    failure ??= parts[1];
                    break;
                case "passed":
                    passed++;
                    break;
            }
        }

        await host.WaitForExitAsync();
        return (host.ExitCode, failure) switch
        {
            (0, null) => new MutantResult(mutant, Outcome.Survived, $"{passed} tests"),
            (_, not null) => new MutantResult(mutant, Outcome.Killed, $"fails {failure}"),
            _ => new MutantResult(mutant, Outcome.Killed, $"ends with {host.ExitCode} in {test}"),
        };
    }

    // The classes below a namespace that are not below a deeper one of the table.
    private IEnumerable<string> FixturesOf(string space)
    {
        string folder = Path.Combine(
            tree.Copy, "Gain.Tests", space["Gain.Tests.".Length..].Replace('.', Path.DirectorySeparatorChar));
        return ClassNames.Of(Directory.EnumerateFiles(folder, "*.cs").Select(File.ReadAllText))
            .Select(name => $"{space}.{name}")
            .Order(StringComparer.Ordinal)
            .Where(name => !FixtureTable.LeavesOut(name));
    }

    private Process Start(int mutant, string[] arguments)
    {
        string tests = Path.Combine(tree.Copy, "Gain.Tests/bin/Release/net10.0/Gain.Tests.dll");

        // A mutant may ask for memory without end, or crash over and over.
        const string Script = "ulimit -c 0; ulimit -d 8000000; exec dotnet \"$@\" 2>/dev/null";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", tests, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(tests)!,
            RedirectStandardOutput = true,
            Environment = { ["GAIN_MUTANT"] = mutant.ToString(CultureInfo.InvariantCulture) },
        };
        return Process.Start(start)!;
    }
}
