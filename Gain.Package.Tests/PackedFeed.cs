
namespace Gain.Tests.Package;

/// <summary>
/// The packages, packed once for all tests into a folder of their own outside the tree, under a version that
/// no other feed has; and what a project needs in order to restore from there.
/// </summary>
[SetUpFixture]
public sealed class PackedFeed
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly SemaphoreSlim s_once = new(1);
    private static bool s_isPacked;

    public static string Version { get; } = $"0.1.0-test.{Environment.ProcessId}";

    public static string Root { get; } =
        Path.Combine(Path.GetTempPath(), $"gain-package-{Environment.ProcessId}");

    /// <summary>
    /// A cache of packages that nothing else uses: the packages under test must not stay on the machine. What
    /// it lacks is taken from the machine's, or from the machine's feeds.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = Path.Combine(Root, "cache"),
        ["DOTNET_CLI_HOME"] = Path.Combine(Root, "home"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
    };

    private static string Feed => Path.Combine(Root, "feed");

    /// <summary>The file of a package, packed if it is not yet.</summary>
    public static async Task<string> PackageAsync(string id, string extension = "nupkg")
    {
        await s_once.WaitAsync();
        try
        {
            if (!s_isPacked)
            {
                Directory.CreateDirectory(Feed);
                await PackAsync("Gain.Uring", "--no-build");
                await PackAsync("Gain.Runtime", "--no-build");
                await PackAsync("Gain.Testing", "--no-build");
                await PackAsync("extensions/Gain.Tls", "--no-build");
                await PackAsync("extensions/Gain.Hosting", "--no-build");
                await PackAsync("templates");
                s_isPacked = true;
            }
        }
        finally
        {
            s_once.Release();
        }

        return Path.Combine(Feed, $"{id}.{Version}.{extension}");
    }

    /// <summary>An empty folder whose projects restore from the feed.</summary>
    public static async Task<string> NewFolderAsync(string name)
    {
        await PackageAsync("Gain");
        string folder = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string fallback = Directory.Exists(machine) ? $"""<add key="machine" value="{machine}" />""" : "";
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders>{fallback}</fallbackPackageFolders>
            </configuration>
            """);
        return folder;
    }

    [OneTimeTearDown]
    public void RemoveAll()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    // What this test assembly was built with is what is packed.
    private static async Task PackAsync(string project, params string[] options) =>
        await ToolRun.Dotnet(
            SourceTree.Root,
            new Dictionary<string, string>(),
            ["pack", project, "-c", Configuration, "-o", Feed, $"-p:Version={Version}", .. options]);
}
