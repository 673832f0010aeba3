namespace Gain.Tests.Published;

/// <summary>
/// The command-line example as NativeAOT publishes it. Building it takes minutes and a linker, so that it
/// comes from outside.
/// </summary>
internal static class PublishedBinary
{
    /// <summary>The category of the tests that need it.</summary>
    public const string Category = "Published";

    /// <summary>The environment variable with its path.</summary>
    public const string Variable = "GAIN_PUBLISHED";

    /// <summary>Its path; leaves the test out where there is none.</summary>
    public static string Require()
    {
        string path = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (path.Length == 0)
        {
            Assert.Ignore($"{Variable} does not name a binary that `dotnet publish examples/Cli` made");
        }

        Assert.That(path, Does.Exist, $"{Variable} names no file");
        return Path.GetFullPath(path);
    }
}
