using System.Diagnostics;

namespace Gain.Tests.Kernel;

/// <summary>A C program that is compiled and run for what it prints.</summary>
internal static class CProgram
{
    /// <summary>The program's output; the test is ignored on a machine without a C compiler.</summary>
    internal static string Run(string source)
    {
        string directory = Directory.CreateTempSubdirectory("gain-abi-").FullName;
        try
        {
            string file = Path.Combine(directory, "abi.c");
            string program = Path.Combine(directory, "abi");
            File.WriteAllText(file, source);
            Process compiler;
            try
            {
                compiler = Start("cc", "-o", program, file);
            }
            catch (System.ComponentModel.Win32Exception missing)
            {
                Assert.Ignore($"no C compiler on PATH: {missing.Message}");
                throw;
            }

            Finish(compiler);
            return Finish(Start(program));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static string Finish(Process process)
    {
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.GetAwaiter().GetResult());
            return output;
        }
    }
}
