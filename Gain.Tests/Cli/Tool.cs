using System.Diagnostics;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>A program of the machine, as a user runs it.</summary>
internal static class Tool
{
    /// <summary>Leaves the test out where the machine does not have it.</summary>
    public static void Require(string tool)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            Assert.Ignore($"no {tool} on PATH");
        }
    }

    /// <summary>Runs it to its end: what it writes.</summary>
    public static async Task<string> RunAsync(string tool, string arguments, string input = "")
    {
        Require(tool);
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Clients.Patience);
        await process.WaitForExitAsync().WaitAsync(Clients.Patience);
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return output;
    }
}
