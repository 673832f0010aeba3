using System.Text;
using System.Text.RegularExpressions;

namespace Gain.Tests.Package;

/// <summary>The test project of docs/testing.md, in a fresh folder with the packages alone.</summary>
[Category("Package")]
[NonParallelizable]
[Patience(600)]
public sealed partial class TestProjectTests
{
    private const int Tests = 7;

    [Test]
    public async Task The_test_project_of_the_page_builds_without_a_warning_and_passes()
    {
        string page = SourceTree.Read("docs/testing.md");
        string[] sources = [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.That(sources, Has.Length.EqualTo(2));
        string project = ProjectBlock().Match(page).Groups[1].Value;
        foreach (string id in (string[])["Microsoft.NET.Test.Sdk", "NUnit", "NUnit3TestAdapter"])
        {
            string asked = VersionOf(project, id);
            Assert.That(SourceTree.Read("Directory.Packages.props"), Does.Contain(asked), id);
        }

        string folder = await PackedFeed.NewFolderAsync("page-tests");
        await WriteAsync("PageTests.csproj", OwnVersion().Replace(project, $"\"{PackedFeed.Version}\""));
        await WriteAsync("Login.cs", sources[0]);
        await WriteAsync("LoginTests.cs", sources[1]);
        string output = await ToolRun.Dotnet(folder, PackedFeed.Settings, "test", "-c", "Release");
        Assert.That(output, Does.Match($@"Failed: +0, Passed: +{Tests}, Skipped: +0"));

        Task WriteAsync(string name, string text) =>
            File.WriteAllTextAsync(Path.Combine(folder, name), text, Encoding.UTF8);
    }

    [Test]
    public async Task Gain_Testing_asks_for_exactly_its_own_version_of_Gain()
    {
        using var package = System.IO.Compression.ZipFile.OpenRead(
            await PackedFeed.PackageAsync("Gain.Testing"));
        using var reader = new StreamReader(package.GetEntry("Gain.Testing.nuspec")!.Open());
        Assert.That(
            await reader.ReadToEndAsync(),
            Does.Contain($"<dependency id=\"Gain\" version=\"[{PackedFeed.Version}]\""));
    }

    // The line as it stands in the table of this repository's versions, too.
    private static string VersionOf(string project, string id) =>
        Regex.Match(project, $"Include=\"{Regex.Escape(id)}\" Version=\"[^\"]+\"").Value;

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^```xml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ProjectBlock();

    [GeneratedRegex(@"(?<=Include=""Gain[.\w]*"" Version=)""[^""]+""")]
    private static partial Regex OwnVersion();
}
