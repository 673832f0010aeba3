using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Gain.Tests.Package;

/// <summary>The package, as a project far from this repository gets it.</summary>
[Category("Package")]
[NonParallelizable]
[Patience(900)]
public sealed class PackageTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <PublishAot>true</PublishAot>
            <InvariantGlobalization>true</InvariantGlobalization>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Gain" Version="VERSION" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using Gain;

        #if BOUND
        if (args is ["options"])
        {
            Bound.Print();
            return;
        }
        #endif

        await using var server = GainServer.Start(new Echo(), "tcp://127.0.0.1:0");
        Task stopped = server.WaitForShutdownAsync();
        Console.WriteLine($"listening on {string.Join(", ", server.EndPoints)}, {server.RingDescription}");
        await stopped;

        [GainProtocol]
        public partial struct Echo
        {
            private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) =>
                connection.Send(data);
        }

        #if MISUSE
        [GainProtocol]
        public partial struct Misuse
        {
            private void OnRead(Connection connection, byte[] data) => connection.Send(data);
        }
        #endif
        """;

    [Test]
    public async Task Package_holds_library_compiler_parts_and_pages()
    {
        using ZipArchive package = ZipFile.OpenRead(await PackedFeed.PackageAsync("Gain"));
        string[] files =
        [
            .. package.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                    && !name.StartsWith('[')),
        ];
        IEnumerable<string> pages = SourceTree.Files("docs/rules");

        Assert.That(files, Is.EquivalentTo(
        [
            "Gain.nuspec", "README.md", "CHANGELOG.md", "icon.png",
            "lib/net10.0/Gain.Runtime.dll", "lib/net10.0/Gain.Runtime.xml",
            "analyzers/dotnet/cs/Gain.Generators.dll", "analyzers/dotnet/cs/Gain.Analyzers.dll",
            "analyzers/dotnet/cs/Gain.CodeFixes.dll",
            "build/net10.0/Gain.targets", "buildTransitive/net10.0/Gain.targets",
            .. pages,
        ]));
        using ZipArchive symbols = ZipFile.OpenRead(await PackedFeed.PackageAsync("Gain", "snupkg"));
        Assert.That(
            symbols.Entries.Select(entry => entry.FullName), Does.Contain("lib/net10.0/Gain.Runtime.pdb"));
    }

    [Test]
    public async Task Package_says_what_it_is_and_needs_only_rings_and_the_logging_abstractions()
    {
        using ZipArchive package = ZipFile.OpenRead(await PackedFeed.PackageAsync("Gain"));
        await using Stream nuspec = package.GetEntry("Gain.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(one => one.Name.LocalName == name).Value;

        Assert.That(Value("id"), Is.EqualTo("Gain"));
        Assert.That(Value("license"), Is.EqualTo("Apache-2.0"));
        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(Value("icon"), Is.EqualTo("icon.png"));
        Assert.That(Value("description"), Is.Not.Empty);
        string? repository = metadata.Elements()
            .SingleOrDefault(one => one.Name.LocalName == "repository")?.Attribute("url")?.Value;
        Assert.That(repository, Is.Null.Or.StartsWith("https://"), "a clone's local remote");
        string[] needed =
        [
            .. metadata.Descendants().Where(one => one.Name.LocalName == "dependency")
                .Select(one => one.Attribute("id")!.Value),
        ];
        Assert.That(
            needed,
            Is.EqualTo(
            [
                "Gain.Uring",
                "Microsoft.Extensions.Configuration.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions",
            ]));
    }

    [Test]
    public async Task Rings_are_a_package_that_needs_nothing()
    {
        using ZipArchive package = ZipFile.OpenRead(await PackedFeed.PackageAsync("Gain.Uring"));
        await using Stream nuspec = package.GetEntry("Gain.Uring.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();

        Assert.That(
            metadata.Descendants().Where(one => one.Name.LocalName == "dependency"), Is.Empty);
        Assert.That(
            package.Entries.Select(entry => entry.FullName), Is.SupersetOf(
            [
                "README.md", "lib/net10.0/Gain.Uring.dll", "lib/net10.0/Gain.Uring.xml",
                "buildTransitive/Gain.Uring.targets",
            ]));
    }

    [Test]
    public void Icon_is_a_small_square_png()
    {
        byte[] icon = File.ReadAllBytes(Path.Combine(SourceTree.Root, "assets/icon.png"));

        // The signature, then the first chunk: its length, its name, width and height.
        Assert.That(icon[1..4], Is.EqualTo("PNG"u8.ToArray()));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), Is.EqualTo(128));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)), Is.EqualTo(128));
        Assert.That(icon, Has.Length.LessThan(1_000_000));
    }

    [Test]
    public async Task Fresh_project_is_published_with_NativeAOT_echoes_and_binds_every_option()
    {
        string folder = await NewProjectAsync("aot");
        var options = new BoundOptions();
        await options.AddToAsync(folder, "aot.csproj");
        string output = await ToolRun.Dotnet(
            folder, PackedFeed.Settings, "publish", "-c", "Release", "-o", "out", "--use-current-runtime");
        Assert.That(output, Does.Not.Contain("warning"));

        using ServerProcess server = await ServerProcess.StartAsync(Path.Combine(folder, "out", "aot"));
        Assert.That(await server.ExchangeAsync("over a socket", 13), Is.EqualTo("over a socket"));
        Assert.That(await server.TerminateAsync(), Is.Zero);
        Assert.That(Path.Combine(folder, "out", "Gain.Runtime.dll"), Does.Not.Exist, "it is not native");

        string printed =
            await ToolRun.Program(Path.Combine(folder, "out", "aot"), BoundOptions.Argument);
        Assert.That(printed.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(options.Expected));
        Assert.That(options.Expected, Has.Length.GreaterThan(50));
    }

    [Test]
    public async Task Misuse_in_a_fresh_project_is_one_error_of_the_analyzers()
    {
        string folder = await NewProjectAsync("misuse");
        ToolRun run = await ToolRun.TryDotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-p:DefineConstants=MISUSE");

        Assert.That(ErrorsOf(run), Is.EqualTo(["GAIN0005"]), run.Output);
        Assert.That(run.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Project_of_an_older_framework_is_told_at_its_restore()
    {
        string folder = await NewProjectAsync("older");
        string project = Path.Combine(folder, "older.csproj");
        string text = await File.ReadAllTextAsync(project);
        await File.WriteAllTextAsync(
            project, text.Replace("net10.0", "net8.0", StringComparison.Ordinal), Encoding.UTF8);

        // Without the framework's own packages, which the machine need not have.
        ToolRun run = await ToolRun.TryDotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release",
            "-p:DisableImplicitFrameworkReferences=true", "-p:UseAppHost=false", "-p:PublishAot=false");

        Assert.That(ErrorsOf(run), Is.EqualTo(["NU1202"]), run.Output);
        Assert.That(run.Output, Does.Contain($"Gain {PackedFeed.Version} is not compatible with net8.0"));
        Assert.That(run.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Project_of_an_older_language_gets_one_sentence()
    {
        string folder = await NewProjectAsync("language");
        ToolRun run = await ToolRun.TryDotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-p:LangVersion=10");

        Assert.That(ErrorsOf(run), Is.EqualTo(["GAIN0000"]), run.Output);
        Assert.That(run.Output, Does.Contain("needs C# 11, and this project sets LangVersion to 10"));
    }

    [Test]
    public async Task Project_of_another_language_is_told_that_handlers_do_nothing_there()
    {
        string folder = await PackedFeed.NewFolderAsync("basic");
        string project = Project.Replace("VERSION", PackedFeed.Version, StringComparison.Ordinal)
            .Replace("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "", StringComparison.Ordinal)
            .Replace("<PublishAot>true</PublishAot>", "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "basic.vbproj"), project, Encoding.UTF8);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.vb"), """
            Imports Gain

            <GainProtocol>
            Public Structure Echo
                Private Sub OnAccept(connection As Connection)
                End Sub
            End Structure

            Module Program
                Sub Main()
                End Sub
            End Module
            """, Encoding.UTF8);
        ToolRun run = await ToolRun.TryDotnet(
            folder, PackedFeed.Settings, "build", "-c", "Release", "-p:UseAppHost=false");

        Assert.That(
            run.Output,
            Does.Contain("warning GAIN0000: Gain generates code for C# only")
                .And.Contain("in this project's language (VB) does nothing"));
    }

    private static string[] ErrorsOf(ToolRun run) =>
    [
        .. run.Output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal))
            .Select(line => line.Split(": error ")[1].Split(':')[0])
            .Distinct(),
    ];

    private static async Task<string> NewProjectAsync(string name)
    {
        string folder = await PackedFeed.NewFolderAsync(name);
        string project = Project.Replace("VERSION", PackedFeed.Version, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), project, Encoding.UTF8);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program, Encoding.UTF8);
        return folder;
    }
}
