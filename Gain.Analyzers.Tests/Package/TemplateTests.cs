using System.Text.Json;
using System.Xml.Linq;

namespace Gain.Tests.Package;

/// <summary>The template, installed where nothing else of the machine sees it.</summary>
[Category("Package")]
[NonParallelizable]
[Patience(900)]
public sealed class TemplateTests
{
    [Test]
    public void Template_asks_for_the_version_that_is_packed_with_it()
    {
        using JsonDocument template =
            JsonDocument.Parse(SourceTree.Read("templates/gain-server/.template.config/template.json"));
        string? asked = template.RootElement
            .GetProperty("symbols").GetProperty("gain-version").GetProperty("defaultValue").GetString();
        string version = XDocument.Parse(SourceTree.Read("Directory.Build.props"))
            .Descendants("Version").Single().Value;

        Assert.That(asked, Is.EqualTo(version));
    }

    [TestCase("my-echo", "echo", "hello\n", "hello\n")]
    [TestCase("my-lines", "lines", "one\nthirteen\n", "1 3\n2 8\n")]
    public async Task Instantiated_server_builds_without_a_warning_and_answers(
        string name, string protocol, string sent, string answer)
    {
        string folder = await PackedFeed.NewFolderAsync(name);
        string hive = Path.Combine(PackedFeed.Root, $"hive-{name}");
        string template = await PackedFeed.PackageAsync("Gain.Templates");
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "install", template, "--debug:custom-hive", hive);
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "gain-server", "--debug:custom-hive", hive,
            "-n", name, "-o", folder, "--protocol", protocol, "--gain-version", PackedFeed.Version);
        string output = await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-o", "out", "-warnaserror");
        Assert.That(output, Does.Contain("0 Warning(s)"));

        using ServerProcess server =
            await ServerProcess.StartAsync(Path.Combine(folder, "out", name), "tcp://127.0.0.1:0");
        Assert.That(await server.ExchangeAsync(sent, answer.Length), Is.EqualTo(answer));
        Assert.That(await server.TerminateAsync(), Is.Zero);
    }

    [Test]
    public async Task Without_AOT_the_project_does_not_ask_for_it()
    {
        string folder = await PackedFeed.NewFolderAsync("no-aot");
        string hive = Path.Combine(PackedFeed.Root, "hive-no-aot");
        string template = await PackedFeed.PackageAsync("Gain.Templates");
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "install", template, "--debug:custom-hive", hive);
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "gain-server", "--debug:custom-hive", hive,
            "-n", "no-aot", "-o", folder, "--aot", "false");

        string project = await File.ReadAllTextAsync(Path.Combine(folder, "no-aot.csproj"));
        Assert.That(project, Does.Not.Contain("PublishAot"));
        Assert.That(project, Does.Contain("""<PackageReference Include="Gain" Version="0.1.0" />"""));
        Assert.That(Path.Combine(folder, "Lines.cs"), Does.Not.Exist);
    }
}
