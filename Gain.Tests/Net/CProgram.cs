using System.ComponentModel;
using System.Diagnostics;

namespace Gain.Tests.Net;

/// <summary>Asks the machine's C compiler what its headers say.</summary>
internal static class CProgram
{
    /// <summary>Compiles and runs the source; the test is skipped where there is no compiler.</summary>
    internal static string Run(string source)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("gain-abi-");
        try
        {
            string file = Path.Combine(directory.FullName, "abi.c");
            string program = Path.Combine(directory.FullName, "abi");
            File.WriteAllText(file, source);
            SkipWithoutCompiler();
            Execute("cc", "-o", program, file);
            return Execute(program);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void SkipWithoutCompiler()
    {
        try
        {
            Execute("cc", "--version");
        }
        catch (Win32Exception e)
        {
            Assert.Ignore($"There is no C compiler `cc` here to compare with: {e.Message}.");
        }
    }

    private static string Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program}: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}
