namespace Gain.Bench.Tools;

/// <summary>Programs that the documentation shows: what a reader copies is what is measured.</summary>
internal static class DocumentedProgram
{
    private const string Fence = "```";

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <PublishAot>true</PublishAot>
            <OptimizationPreference>Speed</OptimizationPreference>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="{root}/Gain.Runtime/Gain.Runtime.csproj" />
            <ProjectReference Include="{root}/Gain.Generators/Gain.Generators.csproj"
                              OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
          </ItemGroup>
          <Import Project="{root}/Gain.Runtime/build/Gain.targets" />
        </Project>
        """;

    /// <summary>Publishes the program of a page that has a certain line.</summary>
    /// <param name="page">The page, in docs.</param>
    /// <param name="line">The line.</param>
    /// <param name="name">What it is to be called.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">There is no such program, or it cannot be built.</exception>
    public static Task<string> PublishAsync(
        string page, string line, string name, CancellationToken cancellation)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", page));
        string program = text.Split(Fence)
            .FirstOrDefault(block => block.StartsWith("csharp\n") && block.Contains($"\n{line}\n"))
            ?? throw new BenchException($"docs/{page} has no program with the line {line}.");
        string folder = Repository.BuildFolder($"{name}-source");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program["csharp\n".Length..]);
        string project = Path.Combine(folder, $"{name}.csproj");
        File.WriteAllText(project, Project.Replace("{root}", Repository.Root));
        return GainProgram.PublishAsync(project, Repository.BuildFolder(name), name, cancellation);
    }
}
