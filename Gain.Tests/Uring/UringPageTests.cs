using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Gain.Tests.Uring;

/// <summary>The programs of docs/uring.md, compiled as they stand there, do what the page says.</summary>
[TestFixture]
internal sealed class UringPageTests
{
    private static readonly Dictionary<string, string> s_programs = Regex
        .Matches(SourceTree.Read("docs/uring.md"), "(?ms)^```csharp\n(// (\\w+):.*?)^```\n")
        .ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);

    [Test]
    public void Every_program_of_the_page_is_run() =>
        Assert.That(s_programs.Keys, Is.EquivalentTo(["first", "receive", "threads", "errors"]));

    [Test]
    public void The_first_program_prints_a_file()
    {
        using TempFolder folder = new();
        string text = string.Join('\n', Enumerable.Range(0, 2000));
        File.WriteAllText(folder.At("file"), text);

        Assert.That(Run("first", folder.At("file")), Is.EqualTo(text));
    }

    [Test]
    public void Datagrams_are_received_into_buffers_that_go_back() =>
        Assert.That(Run("receive"), Is.EqualTo("one\ntwo\nthree\n"));

    [Test]
    public void A_ring_is_handed_over_and_woken()
    {
        string said = Run("threads");
        if (said.StartsWith("older than", StringComparison.Ordinal))
        {
            Assert.Ignore(said);
        }

        Assert.That(said, Is.EqualTo("message 7, 42\nmessage 8, 42\nmessage 0, 42\n"));
    }

    [Test]
    public void A_chain_ends_with_its_first_error()
    {
        string[] lines = Run("errors", "/proc/none").Split('\n');

        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Does.StartWith("1: ENOENT"));
        Assert.That(lines[1], Does.StartWith("2: ECANCELED"));
    }

    private static string Run(string name, params string[] arguments)
    {
        TestRing.Create().Dispose();
        GeneratorRun run = GeneratorRun.OfProgram(s_programs[name]);
        Assert.That(run.Problems, Is.Empty);
        using TempFolder folder = new();
        File.WriteAllBytes(folder.At("program.dll"), CompiledSample.Emit(run.Output));
        foreach (string library in Directory.GetFiles(AppContext.BaseDirectory, "Gain.*.dll"))
        {
            File.Copy(library, folder.At(Path.GetFileName(library)));
        }

        string version = Environment.Version.ToString(3);
        File.WriteAllText(
            folder.At("program.runtimeconfig.json"),
            $$"""
            { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{version}}" },
              "configProperties": { "System.Globalization.Invariant": true } } }
            """);
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [folder.At("program.dll"), .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(errors.GetAwaiter().GetResult(), Is.Empty);
        Assert.That(process.ExitCode, Is.Zero);
        return output;
    }
}
