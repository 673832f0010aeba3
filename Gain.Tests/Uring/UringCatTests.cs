using System.Text;

namespace Gain.Tests.Uring;

/// <summary>The example UringCat, run on files.</summary>
[TestFixture]
internal sealed class UringCatTests
{
    // More than a chain of the cat's, and no multiple of anything.
    private const int LargeBytes = (1 << 20) + 12_345;

    [TestCase("linked")]
    [TestCase("vectored")]
    [TestCase("fixed")]
    public void Cat_writes_files_of_every_size_one_after_the_other(string mode)
    {
        using TempFolder folder = new();
        byte[] large = Random(LargeBytes);
        File.WriteAllBytes(folder.At("empty"), []);
        File.WriteAllBytes(folder.At("one"), [7]);
        File.WriteAllBytes(folder.At("large"), large);

        Outcome cat = Cat(mode, folder.At("one"), folder.At("empty"),
            folder.At("large"), folder.At("one"));

        Assert.That(cat.Errors, Is.Empty);
        Assert.That(cat.ExitCode, Is.Zero);
        byte[] expected = [7, .. large, 7];
        Assert.That(cat.Output.AsSpan().SequenceEqual(expected), $"{cat.Output.Length} bytes came.");
    }

    [Test]
    public void Cat_names_a_file_that_is_missing([Values("linked", "fixed")] string mode)
    {
        using TempFolder folder = new();

        Outcome cat = Cat(mode, folder.At("missing"));

        Assert.That(cat.ExitCode, Is.EqualTo(1));
        Assert.That(cat.Errors, Does.Contain(folder.At("missing")).And.Contain("ENOENT"));
        Assert.That(cat.Output, Is.Empty);
    }

    [Test]
    public void Cat_goes_on_after_a_file_that_it_cannot_read([ValueSource(nameof(Modes))] string mode)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "first ");
        File.WriteAllText(folder.At("b"), "last");

        Outcome cat = Cat(mode, folder.At("a"), folder.At("missing"), "/proc", folder.At("b"));

        Assert.That(cat.ExitCode, Is.EqualTo(1));
        Assert.That(Encoding.UTF8.GetString(cat.Output), Is.EqualTo("first last"));
        Assert.That(cat.Errors, Does.Contain(folder.At("missing")).And.Contain("Cannot read /proc: EISDIR"));
    }

    [Test]
    public void Cat_reads_to_the_end_what_tells_no_size([ValueSource(nameof(Modes))] string mode)
    {
        Outcome cat = Cat(mode, "/proc/version");

        Assert.That(cat.Errors, Is.Empty);
        Assert.That(cat.Output, Is.EqualTo(File.ReadAllBytes("/proc/version")).And.Not.Empty);
    }

    [Test]
    public void Cat_reads_a_pipe([ValueSource(nameof(Modes))] string mode)
    {
        byte[] content = Random(LargeBytes);

        Outcome cat = UringExample.RunWithInput(
            content, "UringCat", "uring-cat", "--mode", mode, "/dev/stdin");

        Assert.That(cat.Errors, Is.Empty);
        Assert.That(cat.Output.AsSpan().SequenceEqual(content), $"{cat.Output.Length} bytes came.");
    }

    [Test]
    public void Cat_stops_when_nobody_reads([ValueSource(nameof(Modes))] string mode)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder.At("large"), Random(LargeBytes));

        // The shell tells the exit code of the first; a pipe holds less than there is.
        Outcome shell = UringExample.RunShell(
            $"dotnet {UringExample.PathOf("UringCat", "uring-cat")} --mode {mode} {folder.At("large")} "
            + "| head -c 5 | wc -c; echo ${PIPESTATUS[0]}");

        Assert.That(shell.Errors, Is.Empty);
        Assert.That(Encoding.UTF8.GetString(shell.Output).Split(), Is.EqualTo(["5", "141", ""]));
    }

    [Test]
    public void Cat_writes_after_what_is_there([ValueSource(nameof(Modes))] string mode)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "2");
        string program = UringExample.PathOf("UringCat", "uring-cat");
        string cat = $"dotnet {program} --mode {mode} {folder.At("a")}";

        Outcome shell = UringExample.RunShell($"(printf 1; {cat}; printf 3) > {folder.At("all")}");

        Assert.That(shell.Errors, Is.Empty);
        Assert.That(File.ReadAllText(folder.At("all")), Is.EqualTo("123"));
    }

    private static string[] Modes() => ["linked", "vectored", "fixed"];

    private static Outcome Cat(string mode, params string[] files) =>
        UringExample.Run("UringCat", "uring-cat", ["--mode", mode, .. files]);

    private static byte[] Random(int bytes) => UringExample.Random(bytes);
}
