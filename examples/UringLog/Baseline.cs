using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Gain.UringLog;

/// <summary>The log in C, compiled for this machine: baseline/log.c.</summary>
internal sealed class Baseline : IDisposable
{
    private static readonly string[] s_sources = ["log.c", "ring.h"];

    private readonly string _folder = Directory.CreateTempSubdirectory("uring-log-").FullName;

    /// <summary>Compiles it.</summary>
    /// <exception cref="IOException">The compiler, or what it needs, is missing.</exception>
    internal Baseline()
    {
        try
        {
            foreach (string name in s_sources)
            {
                using Stream source = typeof(Baseline).Assembly.GetManifestResourceStream(name)!;
                using FileStream file = File.Create(Path.Combine(_folder, name));
                source.CopyTo(file);
            }

            string log = Path.Combine(_folder, s_sources[0]);
            _ = Run("cc", "-O3", "-march=native", "-pthread", "-o", Program, log);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Program => Path.Combine(_folder, "log");

    /// <summary>Runs it on a new file.</summary>
    /// <returns>The nanoseconds of one durable append.</returns>
    /// <exception cref="IOException">It fails.</exception>
    internal double Run(string path, int writers, int records, int bytes) => double.Parse(
        Run(Program, path, $"{writers}", $"{records}", $"{bytes}"), CultureInfo.InvariantCulture);

    /// <summary>Deletes it.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Run(string program, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception missing)
        {
            throw new IOException(
                $"Cannot start {program}, which the bench compiles its baseline with: install gcc or clang. "
                + missing.Message);
        }

        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output
                : throw new IOException($"{program} failed: {errors.GetAwaiter().GetResult().Trim()}");
        }
    }
}
