using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// The example UringCopy, run on files: whatever happens, nothing is lost and nothing is left.
/// </summary>
[TestFixture]
[SupportedOSPlatform("linux")]
internal sealed class UringCopyTests
{
    private const int LargeBytes = (1 << 20) + 12_345;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [TestCase(0, 1, 4)]
    [TestCase(3 * LargeBytes, 1, 64)]
    [TestCase(3 * LargeBytes, 64, 16)]
    public void Copy_copies_every_byte(int bytes, int depth, int blockKib)
    {
        using TempFolder folder = new();
        byte[] content = UringExample.Random(bytes);
        File.WriteAllBytes(folder.At("a"), content);

        Outcome copy = Copy(folder.At("a"), folder.At("b"),
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

        Outcome refused = Copy(folder.At("a"), folder.At("b"), "--quiet");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain(folder.At("b")));
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("old and longer"));

        Outcome forced = Copy(folder.At("a"), folder.At("b"), "--quiet", "--force");
        Assert.That(forced.ExitCode, Is.Zero, forced.Errors);
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("new"));
    }

    [Test]
    public void Copy_refuses_what_it_cannot_do_and_names_it()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");

        Outcome missing = Copy(folder.At("missing"), folder.At("b"), "--quiet");
        Outcome same = Copy(folder.At("a"), folder.At("a"), "--quiet", "--force");
        Outcome deep = Copy(folder.At("a"), folder.At("b"), "--depth", "2000");

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

    [TestCase("hard")]
    [TestCase("symbolic")]
    [TestCase("folder/../a")]
    [TestCase("linked/a")]
    public void Copy_sees_that_both_are_one_file(string other)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");
        Directory.CreateDirectory(folder.At("folder"));
        Assert.That(UringExample.RunShell(
            $"cd {folder.At("")} && ln a hard && ln -s a symbolic && ln -s . linked").ExitCode, Is.Zero);

        Outcome copy = Copy(folder.At("a"), folder.At(other), "--quiet", "--force");

        Assert.That(copy.ExitCode, Is.EqualTo(1));
        Assert.That(copy.Errors, Does.Contain("the same file"));
        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("text"));
        AssertNothingLeft(folder);
    }

    [TestCase("/dev/null", "a character device")]
    [TestCase("pipe", "a pipe")]
    [TestCase("folder", "a directory")]
    public void Copy_takes_and_replaces_regular_files_only(string name, string kind)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");
        Directory.CreateDirectory(folder.At("folder"));
        Assert.That(UringExample.RunShell($"mkfifo {folder.At("pipe")}").ExitCode, Is.Zero);
        string path = name[0] == '/' ? name : folder.At(name);

        Outcome from = Copy(path, folder.At("b"), "--quiet");
        Outcome to = Copy(folder.At("a"), path, "--quiet", "--force");

        Assert.Multiple(() =>
        {
            Assert.That(from.ExitCode, Is.EqualTo(1));
            Assert.That(from.Errors, Does.Contain($"{path} is {kind}"));
            Assert.That(File.Exists(folder.At("b")), Is.False);
            Assert.That(to.ExitCode, Is.EqualTo(1));
            Assert.That(to.Errors, Does.Contain($"{path} is {kind}"));
            Assert.That(Path.Exists(path));
        });
        AssertNothingLeft(folder);
    }

    [Test]
    public void Copy_reads_to_the_end_what_tells_no_size()
    {
        using TempFolder folder = new();

        Outcome copy = Copy("/proc/version", folder.At("b"), "--quiet");

        Assert.That(copy.ExitCode, Is.Zero, copy.Errors);
        Assert.That(
            File.ReadAllBytes(folder.At("b")), Is.EqualTo(File.ReadAllBytes("/proc/version")).And.Not.Empty);
    }

    [Test]
    public void Copy_keeps_permissions_and_holes()
    {
        const int bytes = 40 << 20;
        using TempFolder folder = new();
        using (FileStream source = File.Create(folder.At("a")))
        {
            source.SetLength(bytes);
            source.Position = bytes / 2;
            source.WriteByte(7);
        }

        File.SetUnixFileMode(folder.At("a"), UnixFileMode.UserRead | UnixFileMode.GroupExecute);

        Outcome copy = Copy(folder.At("a"), folder.At("b"), "--quiet");

        Assert.That(copy.ExitCode, Is.Zero, copy.Errors);
        Assert.That(
            File.GetUnixFileMode(folder.At("b")), Is.EqualTo(File.GetUnixFileMode(folder.At("a"))));
        Assert.That(UringExample.RunShell($"cmp {folder.At("a")} {folder.At("b")}").ExitCode, Is.Zero);
        byte[] said = UringExample.RunShell($"du -k {folder.At("b")}").Output;
        string kib = Encoding.UTF8.GetString(said).Split()[0];
        Assert.That(int.Parse(kib, CultureInfo.InvariantCulture), Is.LessThan(bytes / 1024 / 4));
    }

    [Test]
    public void Copy_that_fails_leaves_what_was_there()
    {
        if (Environment.UserName != "root")
        {
            Assert.Ignore("a file system that is full takes root");
        }

        using TempFolder folder = new();
        File.WriteAllBytes(folder.At("a"), UringExample.Random(3 * LargeBytes));
        Directory.CreateDirectory(folder.At("small"));
        Outcome mount = UringExample.RunShell($"mount -t tmpfs -o size=1m none {folder.At("small")}");
        if (mount.ExitCode != 0)
        {
            Assert.Ignore($"no file system can be mounted: {mount.Errors}");
        }

        try
        {
            File.WriteAllText(folder.At("small/b"), "kept");

            Outcome copy = Copy(folder.At("a"), folder.At("small/b"), "--quiet", "--force");

            Assert.That(copy.ExitCode, Is.EqualTo(1));
            Assert.That(copy.Errors, Does.Contain("ENOSPC"));
            Assert.That(File.ReadAllText(folder.At("small/b")), Is.EqualTo("kept"));
            Assert.That(Directory.GetFileSystemEntries(folder.At("small")), Has.Length.EqualTo(1));
        }
        finally
        {
            Assert.That(UringExample.RunShell($"umount {folder.At("small")}").ExitCode, Is.Zero);
        }
    }

    [TestCase(Interrupt)]
    [TestCase(Terminate)]
    public void Copy_that_is_ended_leaves_what_was_there(int signal)
    {
        using TempFolder folder = new();
        using (FileStream source = File.Create(folder.At("a")))
        {
            // Without holes to skip it would be over too soon; the copy is to be ended in the middle.
            source.SetLength(64L << 30);
        }

        File.WriteAllText(folder.At("b"), "kept");
        using Process copy = UringExample.Start(
            "UringCopy", "uring-copy", folder.At("a"), folder.At("b"), "--quiet", "--force", "--depth", "1",
            "--block-kib", "1");
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(folder.At("b"))!);
        while (Parts(folder).Length == 0)
        {
            Assert.That(
                copy.HasExited, Is.False, () => copy.StandardError.ReadToEnd());
            _ = watcher.WaitForChanged(WatcherChangeTypes.Created, 100);
        }

        Assert.That(UringExample.RunShell($"kill -{signal} {copy.Id}").ExitCode, Is.Zero);

        copy.WaitForExit();
        Assert.That(copy.ExitCode, Is.EqualTo(128 + signal));
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("kept"));
        AssertNothingLeft(folder);
    }

    [Test]
    public void Copy_pins_no_more_memory_than_it_says()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");

        Outcome copy = Copy(folder.At("a"), folder.At("b"),
            "--depth", "1024", "--block-kib", "16384");

        Assert.That(copy.ExitCode, Is.Not.Zero);
        Assert.That(copy.Errors, Does.Contain("16,384 MiB").And.Contain("1,024 MiB"));
        Assert.That(File.Exists(folder.At("b")), Is.False);
    }

    private static Outcome Copy(params string[] arguments) =>
        UringExample.Run("UringCopy", "uring-copy", arguments);

    private static string[] Parts(TempFolder folder) =>
        Directory.GetFiles(Path.GetDirectoryName(folder.At("b"))!, ".*.part");

    private static void AssertNothingLeft(TempFolder folder) => Assert.That(Parts(folder), Is.Empty);
}
