using System.Net;
using System.Text.Json;
using System.Xml.Linq;

namespace Gain.Tests.Package;

/// <summary>The template, installed where nothing else of the machine sees it.</summary>
[Category("Package")]
[NonParallelizable]
[Patience(900)]
public sealed class TemplateTests
{
    [TestCase("gain-server")]
    [TestCase("gain-host")]
    public void Template_asks_for_the_version_that_is_packed_with_it(string name)
    {
        using JsonDocument template =
            JsonDocument.Parse(SourceTree.Read($"templates/{name}/.template.config/template.json"));
        string? asked = template.RootElement
            .GetProperty("symbols").GetProperty("gain-version").GetProperty("defaultValue").GetString();
        string version = XDocument.Parse(SourceTree.Read("Directory.Build.props"))
            .Descendants("Version").Single().Value;

        Assert.That(asked, Is.EqualTo(version));
    }

    [TestCase("my-echo", "echo", "callbacks", "hello\n", "hello\n")]
    [TestCase("my-lines", "lines", "callbacks", "one\nthirteen\n", "1 3\n2 8\n")]
    [TestCase("my-echo-session", "echo", "session", "hello\n", "hello\n")]
    [TestCase("my-lines-session", "lines", "session", "one\nthirteen\n", "1 3\n2 8\n")]
    public async Task Instantiated_server_builds_without_a_warning_and_answers(
        string name, string protocol, string style, string sent, string answer)
    {
        string folder = await PackedFeed.NewFolderAsync(name);
        string hive = Path.Combine(PackedFeed.Root, $"hive-{name}");
        string template = await PackedFeed.PackageAsync("Gain.Templates");
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "install", template, "--debug:custom-hive", hive);
        await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "new", "gain-server", "--debug:custom-hive", hive,
            "-n", name, "-o", folder, "--protocol", protocol, "--style", style,
            "--gain-version", PackedFeed.Version);
        string output = await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-o", "out", "-warnaserror");
        Assert.That(output, Does.Contain("0 Warning(s)"));
        string source = await File.ReadAllTextAsync(
            Path.Combine(folder, protocol == "echo" ? "Echo.cs" : "Lines.cs"));
        Assert.That(source.Contains("OnSession", StringComparison.Ordinal), Is.EqualTo(style == "session"));
        Assert.That(source, Does.Not.Contain("#if"));

        using ServerProcess server =
            await ServerProcess.StartAsync(Path.Combine(folder, "out", name), "tcp://127.0.0.1:0");
        Assert.That(await server.ExchangeAsync(sent, answer.Length), Is.EqualTo(answer));
        Assert.That(await server.TerminateAsync(), Is.Zero);
    }

    [Test]
    public async Task Instantiated_host_builds_without_a_warning_serves_and_ends()
    {
        string folder = await HostProject.NewAsync("my-host", "--aot", "false");
        string output = await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-o", "out", "-warnaserror");
        Assert.That(output, Does.Contain("0 Warning(s)"));
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(folder, "my-host.csproj")),
            Does.Not.Contain("PublishAot").And.Not.Contain("Gain.Tls").And.Not.Contain("OpenTelemetry"));

        // Its own configuration, on ports that are free for certain.
        using HostProcess host = await HostProcess.StartAsync(
            folder, Path.Combine(folder, "out", "my-host"), new Dictionary<string, string>
            {
                ["Gain__Servers__echo__Endpoints__public__Url"] = "tcp://127.0.0.1:0",
                ["Gain__Servers__probes__Endpoints__probes__Url"] = "tcp://127.0.0.1:0",
                ["Logging__Console__FormatterName"] = "simple",
                ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            });
        Assert.That(await HostProcess.EchoAsync(host.EndPointsOf("echo")[0], "hello"), Is.EqualTo("hello"));
        IPEndPoint probes = host.EndPointsOf("probes")[0];
        Assert.That(await HostProcess.GetAsync(probes, "/ready"), Does.StartWith("HTTP/1.1 200 "));
        Assert.That(await HostProcess.GetAsync(probes, "/x"), Does.StartWith("HTTP/1.1 404 "));
        await host.TerminateAsync();
        Assert.That(await host.AwaitEndAsync(), Is.Zero, host.Log);
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
