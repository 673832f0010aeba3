namespace Gain.Tests.Package;

/// <summary>
/// A fresh project of the template <c>gain-host</c> with TLS and telemetry, built once for all tests: for the
/// just-in-time compiler, and as a native binary.
/// </summary>
internal static class HostProject
{
    private static readonly SemaphoreSlim s_once = new(1);
    private static readonly Dictionary<string, string> s_programs = [];

    /// <summary>Its program, built if it is not yet.</summary>
    public static async Task<string> ProgramAsync(bool isNative)
    {
        await s_once.WaitAsync();
        try
        {
            // Beside the project: what is below it is content of it.
            string output = Path.Combine(PackedFeed.Root, isNative ? "fresh-host-native" : "fresh-host-out");
            if (!s_programs.TryGetValue(output, out string? program))
            {
                string folder = await FolderAsync();
                string[] verb = isNative ? ["publish"] : ["build"];
                string said = await ToolRun.Dotnet(
                    folder, PackedFeed.Settings,
                    [.. verb, "-c", "Release", "-o", output, "-warnaserror"]);
                Assert.That(said, Does.Not.Contain("warning"));
                s_programs[output] = program = Path.Combine(output, "fresh-host");
            }

            return program;
        }
        finally
        {
            s_once.Release();
        }
    }

    /// <summary>Makes a project of the template.</summary>
    public static async Task<string> NewAsync(string name, params string[] options)
    {
        string folder = await PackedFeed.NewFolderAsync(name);
        string hive = Path.Combine(PackedFeed.Root, $"hive-{name}");
        string template = await PackedFeed.PackageAsync("Gain.Templates");
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "install", template, "--debug:custom-hive", hive);
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings,
            [
                "new", "gain-host", "--debug:custom-hive", hive, "-n", name, "-o", folder,
                "--gain-version", PackedFeed.Version, .. options,
            ]);
        return folder;
    }

    private static async Task<string> FolderAsync()
    {
        string folder = Path.Combine(PackedFeed.Root, "fresh-host");
        return Directory.Exists(folder)
            ? folder
            : await NewAsync("fresh-host", "--tls", "true", "--telemetry", "true");
    }
}
