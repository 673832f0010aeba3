namespace Gain.Bench.Tools;

/// <summary>Programs of the machine.</summary>
internal static class Programs
{
    /// <summary>Finds a program: distributions keep some where only root's PATH leads.</summary>
    /// <param name="program">Its name, and that of its package.</param>
    /// <param name="hint">What else the package is called, or what comes with it.</param>
    /// <exception cref="BenchException">It is not installed.</exception>
    public static string Find(string program, string hint = "") =>
        new[] { "/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin" }
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new BenchException($"There is no {program}: install the package of this name{hint}.");
}
