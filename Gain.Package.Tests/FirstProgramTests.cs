using System.Text;
using System.Text.RegularExpressions;

namespace Gain.Tests.Package;

/// <summary>
/// The first program of each package's README, in a fresh project with nothing but the package, as somebody
/// tries it who has read so far. That of Gain is what the tests of its package run.
/// </summary>
[Category("Package")]
[NonParallelizable]
[Patience(600)]
public sealed partial class FirstProgramTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="PACKAGE" Version="VERSION" />
          </ItemGroup>
        </Project>
        """;

    [Test]
    public async Task Gain_Uring_prints_a_file()
    {
        string program = await BuildAsync("Gain.Uring", "Gain.Uring/README.md");
        Assert.That(
            await ToolRun.Program(program, Path.Combine(SourceTree.Root, "LICENSE")),
            Is.EqualTo(SourceTree.Read("LICENSE")));
    }

    [Test]
    public async Task Gain_Testing_tells_what_is_allocated()
    {
        string program = await BuildAsync("Gain.Testing", "Gain.Testing/README.md");
        Assert.That(await ToolRun.Program(program), Does.Contain("bytes are allocated a call"));
    }

    [Test]
    public async Task Gain_Tls_listens_and_answers_over_TLS()
    {
        string program = await BuildAsync(
            "Gain.Tls", "extensions/Gain.Tls/README.md", code => code.Replace(":9443", ":0"));
        string folder = Path.GetDirectoryName(program)!;
        await ServerCertificate.WriteAsync(folder);

        using ServerProcess server = await ServerProcess.StartInAsync(folder, program);
        Assert.That(await server.ExchangeOverTlsAsync("secret", 6), Is.EqualTo("secret"));
        Assert.That(await server.TerminateAsync(), Is.Zero);
    }

    [Test]
    public async Task Gain_Hosting_says_what_its_configuration_lacks()
    {
        string program = await BuildAsync(
            "Gain.Hosting", "extensions/Gain.Hosting/README.md", hasHost: true);
        ToolRun run = await ToolRun.TryProgram(program);
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Output, Does.Contain("Set Gain:Servers:echo:Endpoints:main:Url"));
    }

    /// <summary>Builds the first block of C# of a README.</summary>
    /// <returns>The program.</returns>
    private static async Task<string> BuildAsync(
        string package, string readme, Func<string, string>? adapt = null, bool hasHost = false)
    {
        await PackedFeed.PackageAsync(package);
        string name = $"first-{package.ToLowerInvariant().Replace('.', '-')}";
        string folder = await PackedFeed.NewFolderAsync(name);
        string project = Project
            .Replace("PACKAGE", package, StringComparison.Ordinal)
            .Replace("VERSION", PackedFeed.Version, StringComparison.Ordinal);
        if (hasHost)
        {
            const string Host =
                """<PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.0" />""";
            project = project.Replace("</ItemGroup>", $"{Host}</ItemGroup>", StringComparison.Ordinal);
        }

        string code = CodeBlock().Match(SourceTree.Read(readme)).Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), project, Encoding.UTF8);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.cs"), adapt is null ? code : adapt(code), Encoding.UTF8);
        await ToolRun.Dotnet(folder, PackedFeed.Settings, "build", "-c", "Release", "-o", "out");
        return Path.Combine(folder, "out", name);
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
