using System.Text.Json;
using Gain.Tests.Cli;

namespace Gain.Tests.Published;

/// <summary>The published binary where it serves nothing.</summary>
[Category(PublishedBinary.Category)]
public sealed class PublishedCommandTests
{
    // All of its code is in it, and a dependency or a reflection that comes in shows here first. TLS took 1.2
    // million bytes of it: certificates, and the making of one for --tls. Each further 100,000 need a reason:
    // the last ones are layers of dialled connections, which every protocol compiles anew.
    private const int MostBytes = 6_600_000;

    private string _binary = "";

    [SetUp]
    public void Find() => _binary = PublishedBinary.Require();

    [Test]
    public void The_binary_is_not_larger_than_it_may_be()
    {
        long bytes = new FileInfo(_binary).Length;
        TestContext.Out.WriteLine($"{bytes:N0} of at most {MostBytes:N0} bytes");
        Assert.That(bytes, Is.LessThanOrEqualTo(MostBytes));
    }

    [TestCase("--colour red", "--colour")]
    [TestCase("--ring-entries 1000", "RingEntries")]
    public async Task An_option_that_is_wrong_is_named_and_ends_it_with_exit_code_2(
        string arguments, string named)
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync(arguments, binary: _binary);
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain(named));
    }

    [Test]
    public async Task The_doctor_says_what_would_be_used_to_people_and_to_programs()
    {
        (_, string text, _) = await CliProcess.RunAsync("doctor", binary: _binary);
        (_, string json, _) = await CliProcess.RunAsync("doctor --json", binary: _binary);
        const string Label = "Gain would use";
        string line = text.Split('\n').Single(one => one.StartsWith(Label, StringComparison.Ordinal));
        string ring = line[Label.Length..].Trim();

        Assert.That(ring, Is.AnyOf("io_uring", "epoll"));
        Assert.That(
            JsonDocument.Parse(json).RootElement.GetProperty("ring").GetString(), Is.EqualTo(ring));
    }
}
