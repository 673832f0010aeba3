using System.Text;
using System.Text.RegularExpressions;
using Gain.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting.Tests;

/// <summary>What the pages show compiles, and starts.</summary>
public sealed class HostingPageTests
{
    private const string Page = "docs/hosting.md";

    private static readonly string[] s_families =
        ["Gain.Hosting.dll", "Gain.Tls.dll", "Microsoft.Extensions.", "OpenTelemetry"];

    [TestCase(Page, 3)]
    [TestCase("docs/tutorial.md", 6)]
    [TestCase("extensions/Gain.Hosting/README.md", 1)]
    public void Programs_of_the_page_compile_without_a_warning(string page, int count)
    {
        MetadataReference[] libraries =
        [
            .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
                .Where(path => s_families.Any(Path.GetFileName(path).StartsWith))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
        string[] programs = [.. BlocksOf(page, "csharp").Where(one => one.Contains("[GainProtocol"))];
        Assert.That(programs, Has.Length.EqualTo(count));
        foreach (string program in programs)
        {
            Compilation compilation = GeneratorRun.OfProgram(program).Output.AddReferences(libraries);
            Assert.That(
                compilation.GetDiagnostics().Where(one => one.Severity >= DiagnosticSeverity.Warning),
                Is.Empty, program);
        }
    }

    [Test]
    public async Task Configuration_of_the_page_starts_a_host()
    {
        string settings = BlocksOf(Page, "json").Single(one => one.Contains("\"Gain\""));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(
            settings.Replace("tcp://:9000", "tcp://127.0.0.1:0", StringComparison.Ordinal))));
        builder.Services.AddGainServer<Echo>("echo").Configure(options => options.WorkerCount = 1);
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.That(TestHost.Of(host, "echo").IsReady);
        await host.StopAsync();
    }

    private static IEnumerable<string> BlocksOf(string page, string language) =>
        Regex.Matches(SourceTree.Read(page), $"(?ms)^```{language}\n(.*?)^```$")
            .Select(block => block.Groups[1].Value);
}
