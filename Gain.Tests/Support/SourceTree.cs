namespace Gain.Tests;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] s_notOurs =
    [
        "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts",
        ".git", ".vs", ".idea", ".vscode",
    ];

    /// <summary>The folder with Gain.sln, above the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files, as paths from the root; nothing that a build made.</summary>
    public static IEnumerable<string> CSharpFiles(string folder = "") =>
        Files(folder).Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The files under a folder, as paths from the root.</summary>
    public static IEnumerable<string> Files(string folder = "")
    {
        var open = new Stack<string>([Path.Combine(Root, folder)]);
        while (open.TryPop(out string? directory))
        {
            foreach (string child in Directory.EnumerateDirectories(directory))
            {
                if (!s_notOurs.Contains(Path.GetFileName(child)))
                {
                    open.Push(child);
                }
            }

            foreach (string file in Directory.EnumerateFiles(directory))
            {
                yield return Path.GetRelativePath(Root, file);
            }
        }
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Gain.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"There is no Gain.sln above {AppContext.BaseDirectory}.");
    }
}
