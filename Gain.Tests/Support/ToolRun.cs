using System.Diagnostics;

namespace Gain.Tests;

/// <summary>A program that was run to its end, with all that it printed.</summary>
internal sealed record ToolRun(int ExitCode, string Output)
{
    /// <summary>Runs <c>dotnet</c>, and fails the test if that fails.</summary>
    public static async Task<string> Dotnet(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        ToolRun run = await TryDotnet(folder, environment, arguments);
        Assert.That(run.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}:\n{run.Output}");
        return run.Output;
    }

    /// <summary>What a program prints that ends by itself, without a fault.</summary>
    public static async Task<string> Program(string path, params string[] arguments)
    {
        ToolRun run = await TryProgram(path, arguments);
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        return run.Output;
    }

    /// <summary>The same of one that may fail.</summary>
    public static Task<ToolRun> TryProgram(string path, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(path, arguments));

    public static async Task<ToolRun> TryDotnet(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        // A process of the build that stays would hold the pipes open. What the runner of these tests was
        // told about its own build is none of this one's business.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment.Remove("RunAnalyzersDuringBuild");
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");

        return await RunAsync(start);
    }

    private static async Task<ToolRun> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, await output + await errors);
    }
}
