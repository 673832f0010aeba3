using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Xml.Linq;

namespace Gain.Tests.Repository;

/// <summary>
/// What is compiled against a newer Roslyn than the user's compiler is skipped there, with a warning only:
/// the generator and the analyzers must load in the first SDK that the tree can be used with.
/// </summary>
public sealed class CompilerVersionTests
{
    // Each feature band of the SDK has a compiler of its own; that of 10.0.100 is Roslyn 5.0.
    private static readonly Dictionary<string, Version> s_first = new()
    {
        ["10.0.100"] = new Version(5, 0, 0, 0),
    };

    [TestCase("Gain.Generators")]
    [TestCase("Gain.Analyzers")]
    [TestCase("Gain.CodeFixes")]
    public void Compiler_part_loads_in_the_first_SDK(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var assembly = new PEReader(file);
        MetadataReader metadata = assembly.GetMetadataReader();
        var roslyn = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Select(one => (Name: metadata.GetString(one.Name), one.Version))
            .Where(one => one.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .ToArray();

        Assert.That(roslyn, Is.Not.Empty);
        Assert.That(
            roslyn.Where(one => one.Version > FirstCompiler()),
            Is.Empty,
            "newer than the compiler of the first SDK");
    }

    [TestCase("Microsoft.CodeAnalysis.CSharp")]
    [TestCase("Microsoft.CodeAnalysis.CSharp.Workspaces")]
    public void Roslyn_that_is_asked_for_is_that_of_the_first_SDK_or_older(string package)
    {
        XDocument versions = XDocument.Parse(SourceTree.Read("Directory.Packages.props"));
        string version = versions.Descendants("PackageVersion")
            .Single(one => one.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

        Assert.That(Version.Parse(version), Is.LessThanOrEqualTo(FirstCompiler()), version);
    }

    private static Version FirstCompiler()
    {
        using var global = JsonDocument.Parse(SourceTree.Read("global.json"));
        string sdk = global.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        Assert.That(s_first, Does.ContainKey(sdk), $"which Roslyn does the SDK {sdk} bring?");
        return s_first[sdk];
    }
}
