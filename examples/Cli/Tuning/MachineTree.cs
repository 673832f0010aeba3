namespace Gain.Cli.Tuning;

/// <summary>
/// The files in which the kernel shows and takes its settings: /proc and /sys, or a copy of them.
/// </summary>
/// <param name="root">What is put in front of every path: empty for the machine itself.</param>
internal sealed class MachineTree(string root)
{
    public bool Exists(string path) => Directory.Exists(root + path) || File.Exists(root + path);

    /// <summary>A file's text without the end of its line; null where there is none to read.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(root + path).TrimEnd('\n', '\0');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The names in a directory, sorted; none where there is no directory.</summary>
    public string[] List(string path) => ListDirectory(root + path);

    /// <summary>The names in a directory beside what a link leads to.</summary>
    public string[] ListBeside(string link, string name) =>
        ListDirectory(Path.Combine(Path.GetDirectoryName(FollowLinks(root + link))!, name));

    /// <summary>Writes a setting.</summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not.</exception>
    public void Write(string path, string value) => File.WriteAllText(root + path, value + "\n");

    // Each part of the path may be a link, relative to where it lies: in /sys most are.
    private static string FollowLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } directory)
        {
            return path;
        }

        directory = FollowLinks(directory);
        path = Path.Combine(directory, Path.GetFileName(path));
        return new FileInfo(path).LinkTarget is { } target
            ? FollowLinks(Path.GetFullPath(target, directory))
            : path;
    }

    private static string[] ListDirectory(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFileSystemEntries(path)
            .Select(entry => Path.GetFileName(entry)!)
            .Order(StringComparer.Ordinal)]
        : [];
}
