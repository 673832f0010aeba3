using System.Diagnostics;

namespace Gain.Tests.Uring;

/// <summary>The examples UringCat and UringCopy, run on files.</summary>
[TestFixture]
internal sealed class UringExampleTests
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

        Outcome cat = Run("UringCat", "uring-cat", "--mode", mode, folder.At("one"), folder.At("empty"),
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

        Outcome cat = Run("UringCat", "uring-cat", "--mode", mode, folder.At("missing"));

        Assert.That(cat.ExitCode, Is.EqualTo(1));
        Assert.That(cat.Errors, Does.Contain(folder.At("missing")).And.Contain("ENOENT"));
        Assert.That(cat.Output, Is.Empty);
    }

    [TestCase(0, 1, 4)]
    [TestCase(3 * LargeBytes, 1, 64)]
    [TestCase(3 * LargeBytes, 64, 16)]
    public void Copy_copies_every_byte(int bytes, int depth, int blockKib)
    {
        using TempFolder folder = new();
        byte[] content = Random(bytes);
        File.WriteAllBytes(folder.At("a"), content);

        Outcome copy = Run("UringCopy", "uring-copy", folder.At("a"), folder.At("b"),
            "--depth", $"{depth}", "--block-kib", $"{blockKib}", "--sync");

        Assert.That(copy.ExitCode, Is.Zero, copy.Errors);
        Assert.That(File.ReadAllBytes(folder.At("b")).AsSpan().SequenceEqual(content));
        Assert.That(copy.Output, Is.Empty, "Standard output is not for progress.");
    }

    [Test]
    public void Copy_replaces_a_file_only_when_forced()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "new");
        File.WriteAllText(folder.At("b"), "old and longer");

        Outcome refused = Run("UringCopy", "uring-copy", folder.At("a"), folder.At("b"), "--quiet");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain(folder.At("b")));
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("old and longer"));

        Outcome forced = Run("UringCopy", "uring-copy", folder.At("a"), folder.At("b"), "--quiet", "--force");
        Assert.That(forced.ExitCode, Is.Zero, forced.Errors);
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("new"));
    }

    [Test]
    public void Copy_refuses_what_it_cannot_do_and_names_it()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");

        Outcome missing = Run("UringCopy", "uring-copy", folder.At("missing"), folder.At("b"), "--quiet");
        Outcome same = Run("UringCopy", "uring-copy", folder.At("a"), folder.At("a"), "--quiet", "--force");
        Outcome deep = Run("UringCopy", "uring-copy", folder.At("a"), folder.At("b"), "--depth", "2000");

        Assert.Multiple(() =>
        {
            Assert.That(missing.ExitCode, Is.EqualTo(1));
            Assert.That(missing.Errors, Does.Contain(folder.At("missing")));
            Assert.That(File.Exists(folder.At("b")), Is.False);
            Assert.That(same.ExitCode, Is.EqualTo(1));
            Assert.That(same.Errors, Does.Contain("the same file"));
            Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("text"));
            Assert.That(deep.ExitCode, Is.Not.Zero);
            Assert.That(deep.Errors, Does.Contain("--depth").And.Contain("1,024"));
        });
    }

    private static byte[] Random(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private static Outcome Run(string project, string program, params string[] arguments)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        string path = Path.Combine(
            Repository.SourceTree.Root, "examples", project, "bin", tests.Parent!.Name, tests.Name,
            program + ".dll");
        Assert.That(path, Does.Exist);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        string said = errors.GetAwaiter().GetResult();
        if (said.Contains("io_uring_setup: ", StringComparison.Ordinal))
        {
            Assert.Ignore(said);
        }

        return new Outcome(process.ExitCode, output.ToArray(), said);
    }

    private sealed record Outcome(int ExitCode, byte[] Output, string Errors);
}
