using System.Runtime.InteropServices;
using Gain.Sockets;

namespace Gain.Tests.Net;

/// <summary>Other systems than those that servers run on.</summary>
public class PlatformTests
{
    [TestCase(false, Architecture.X64, "Microsoft Windows 10.0.26100")]
    [TestCase(false, Architecture.Arm64, "Darwin 24.6.0")]
    [TestCase(true, Architecture.X86, "Debian GNU/Linux 13")]
    public void Other_system_is_refused_with_what_to_do(
        bool isLinux, Architecture architecture, string system)
    {
        GainException refused = Assert.Throws<GainException>(
            () => Platform.Require(isLinux, architecture, system))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.PlatformNotSupported));
        Assert.That(refused.Message, Does.Contain(system).And.Contain("WSL 2"));
        Assert.That(refused.InnerException, Is.InstanceOf<PlatformNotSupportedException>());
    }

    [TestCase("linux-x64", true)]
    [TestCase("linux-musl-arm64", true)]
    [TestCase("win-x64", false)]
    [TestCase("osx-arm64", false)]
    [TestCase("", false)]
    public async Task Projects_for_other_systems_are_not_linked_with_libc(string system, bool isLinked)
    {
        string folder = Directory.CreateTempSubdirectory("gain-targets-").FullName;
        try
        {
            string targets = Path.Combine(SourceTree.Root, "Gain.Runtime/build/Gain.targets");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "x.proj"), $"""<Project><Import Project="{targets}" /></Project>""");
            string output = await ToolRun.Dotnet(
                folder,
                new Dictionary<string, string>(),
                "msbuild",
                "x.proj",
                $"-p:RuntimeIdentifier={system}",
                "-getItem:DirectPInvoke");
            Assert.That(output.Contains("\"libc\"", StringComparison.Ordinal), Is.EqualTo(isLinked), output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
