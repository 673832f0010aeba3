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
            string[] arguments = ["reach", path + ".new", count, .. fixtures];
            using Process host = Start(FixtureTable.ProjectOf(fixtures[0]), 0, arguments);
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
    public async Task<TestRun> RunAsync(int mutant, TestPlan plan)
    {
        int passed = 0;
        foreach ((string project, TestPlan part) in plan.ByProject())
        {
            TestRun run = await RunAsync(project, mutant, part);
            passed += run.Passed;
            if (!run.HasPassed)
            {
                return run with { Passed = passed };
            }

            if (run.Passed == 0)
            {
                throw new InvalidOperationException(
                    $"{project} ran none of the tests of its plan, as {part.Tests.First().Name}.");
            }
        }

        return new TestRun(passed, null, "");
    }

    private async Task<TestRun> RunAsync(string project, int mutant, TestPlan plan)
    {
        string path = Path.Combine(tree.Scratch, "plan.txt");
        await File.WriteAllTextAsync(path, plan.ToText());
        Dictionary<string, double> seconds = plan.Tests.ToDictionary(test => test.Name, test => test.Seconds);
        using Process host = Start(project, mutant, ["run", path]);
        string test = "";
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
                return new TestRun(passed, $"hangs in {NameOf(test)}", test);
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
            (0, null) => new TestRun(passed, null, ""),
            (_, not null) => new TestRun(passed, $"fails {failure}", failure),
            _ => new TestRun(passed, $"ends with {host.ExitCode} in {NameOf(test)}", test),
        };
    }

    private static string NameOf(string test) => test.Length == 0 ? "the start of the tests" : test;

    // The classes of a namespace, and not of those below it, in whatever folder they are.
    private IEnumerable<string> FixturesOf(string space)
    {
        string folder = Path.Combine(tree.Copy, FixtureTable.ProjectOf(space));
        return ClassNames.Of(Sources(folder).Select(File.ReadAllText).Where(IsOfIt))
            .Select(name => $"{space}.{name}")
            .Order(StringComparer.Ordinal)
            .Where(name => !FixtureTable.LeavesOut(name));

        bool IsOfIt(string text) => text.Contains($"\nnamespace {space};", StringComparison.Ordinal)
            || text.StartsWith($"namespace {space};", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0]
                is not ("obj" or "bin"));

    private Process Start(string project, int mutant, string[] arguments)
    {
        string assembly = $"{Path.GetFileName(project)}.dll";
        string tests = Path.Combine(tree.Copy, project, "bin/Release/net10.0", assembly);

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
