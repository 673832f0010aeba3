namespace Gain.Bench.Tools;

/// <summary>Where things lie: the sources, and what is built from them.</summary>
internal static class Repository
{
    /// <summary>The repository's root, found from where this program lies.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The sources of the floor and of the load generator.</summary>
    public static string LoadSources => Path.Combine(Root, "Gain.Bench", "load");

    /// <summary>The sources of the programs in C that single pieces are compared with.</summary>
    public static string BaselineSources => Path.Combine(Root, "Gain.Bench", "baselines");

    /// <summary>The project of an example that is measured.</summary>
    public static string ExampleProject(string name) =>
        Path.Combine(Root, "examples", name, $"{name}.csproj");

    /// <summary>A folder for what is built; cleaned with the project.</summary>
    public static string BuildFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root, "Gain.Bench", "obj", name)).FullName;

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Gain.Bench", "load", "floor.c")))
            {
                return at;
            }
        }

        throw new BenchException(
            "The repository is not above this program: run it with `dotnet run --project Gain.Bench`.");
    }
}
