using System.Diagnostics;

namespace Gain.Tests.Uring;

/// <summary>Runs the examples that use rings alone, and shells around them.</summary>
internal static class UringExample
{
    internal static byte[] Random(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    internal static string PathOf(string project, string program)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        string path = Path.Combine(
            SourceTree.Root, "examples", project, "bin", tests.Parent!.Name, tests.Name,
            program + ".dll");
        Assert.That(path, Does.Exist);
        return path;
    }

    internal static Process Start(string project, string program, params string[] arguments) =>
        Launch("dotnet", [PathOf(project, program), .. arguments]);

    internal static Outcome Run(string project, string program, params string[] arguments) =>
        RunWithInput([], project, program, arguments);

    internal static Outcome RunWithInput(
        byte[] input, string project, string program, params string[] arguments)
    {
        using Process process = Start(project, program, arguments);
        return Finish(process, input);
    }

    internal static Outcome RunShell(string command)
    {
        using Process process = Launch("bash", "-c", command);
        return Finish(process, []);
    }

    private static Process Launch(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static Outcome Finish(Process process, byte[] input)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task written = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        string said = errors.GetAwaiter().GetResult();
        if (said.Contains("io_uring_setup: ", StringComparison.Ordinal))
        {
            Assert.Ignore(said);
        }

        written.GetAwaiter().GetResult();
        return new Outcome(process.ExitCode, output.ToArray(), said);
    }
}

/// <summary>How a program ended.</summary>
internal sealed record Outcome(int ExitCode, byte[] Output, string Errors);
