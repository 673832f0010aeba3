using System.Text;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Paths and names that are given as text, and what is told of a file.</summary>
[TestFixture]
internal sealed unsafe class TextNameTests
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;


    [Test]
    public void Every_operation_on_names_takes_text([Values] bool utf8)
    {
        using TempFolder folder = new();
        using Ring ring = TestRing.Create();
        string Path(string name) => folder.At(name);
        ReadOnlySpan<byte> Bytes(string name) => Encoding.UTF8.GetBytes(Path(name));

        SubmissionEntry entry = ring.Entry(1);
        if (utf8)
        {
            entry.PrepMkdir(Bytes("größe"), Mode);
        }
        else
        {
            entry.PrepMkdir(Path("größe"), Mode);
        }

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(Directory.Exists(Path("größe")));
        int directory = Open(ring, Path("größe"), OpenFlags.Directory);
        entry = ring.Entry(1);
        if (utf8)
        {
            entry.PrepOpenat(directory, "a"u8, OpenFlags.Create | OpenFlags.ReadWrite, Mode);
        }
        else
        {
            entry.PrepOpenat(directory, "a", OpenFlags.Create | OpenFlags.ReadWrite, Mode);
        }

        int file = ring.Next().Result;
        Assert.That(file, Is.Positive);
        Assert.That(Libc.Close(file), Is.Zero);
        Step(ring, utf8, e => e.PrepLinkat(directory, "a"u8, directory, "b"u8, 0),
            e => e.PrepLinkat(directory, "a", directory, "b", 0));
        Step(ring, utf8, e => e.PrepSymlinkat("a"u8, directory, "link"u8),
            e => e.PrepSymlinkat("a", directory, "link"));
        Step(ring, utf8, e => e.PrepRenameat(directory, "b"u8, directory, "c"u8, 0),
            e => e.PrepRenameat(directory, "b", directory, "c", 0));
        Step(ring, utf8, e => e.PrepUnlinkat(directory, "a"u8, 0), e => e.PrepUnlinkat(directory, "a", 0));
        Step(ring, utf8, e => e.PrepMkdirat(directory, "d"u8, Mode),
            e => e.PrepMkdirat(directory, "d", Mode));

        Assert.That(Libc.Close(directory), Is.Zero);
        Assert.That(
            Directory.GetFileSystemEntries(Path("größe")).Select(System.IO.Path.GetFileName).Order(),
            Is.EqualTo(["c", "d", "link"]));
        Assert.That(new FileInfo(Path("größe/link")).LinkTarget, Is.EqualTo("a"));
    }

    [Test]
    public void Names_of_a_whole_batch_are_kept_apart()
    {
        using TempFolder folder = new();
        using Ring ring = TestRing.Create(entries: 8);
        for (int turn = 0; turn < 5; turn++)
        {
            for (int i = 0; i < 8; i++)
            {
                ring.Entry((ulong)i).PrepMkdir(folder.At($"{new string('x', turn * 40)}{turn}-{i}"), Mode);
            }

            Assert.That(ring.Next(8).Select(completion => completion.Result), Is.All.Zero);
        }

        Assert.That(Directory.GetDirectories(folder.At(".")), Has.Length.EqualTo(40));
    }

    [Test]
    public void A_name_that_the_kernel_could_not_take_is_refused()
    {
        using Ring ring = TestRing.Create();
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepNop();

        Assert.Multiple(() =>
        {
            Assert.That(Refusal(ring, e => e.PrepUnlink("a\0b", 0)), Does.Contain("zero byte at 1"));
            Assert.That(
                Refusal(ring, e => e.PrepUnlink(new string('x', 4096), 0)), Does.Contain("4,096 bytes"));
            Assert.That(Refusal(ring, e => e.PrepUnlink(new byte[5000], 0)), Does.Contain("zero byte at 0"));
            Assert.That(Refusal(ring, e => e.PrepUnlink((string)null!, 0)), Does.Contain("null"));
        });
        io_uring_sqe foreign = default;
        string? message = null;
        try
        {
            new SubmissionEntry(&foreign).PrepUnlink("x", 0);
        }
        catch (InvalidOperationException refused)
        {
            message = refused.Message;
        }

        Assert.That(message, Does.Contain("no ring of this thread"));
    }

    [Test]
    public void A_status_tells_times_to_the_nanosecond_and_the_alignment_for_direct_IO()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("a"), "text");
        DateTime time = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc).AddTicks(1_234_567);
        File.SetLastWriteTimeUtc(folder.At("a"), time);
        using Ring ring = TestRing.Create();
        FileStatus status;
        ring.Entry(1).PrepStatx(
            SubmissionEntry.CurrentDirectory, folder.At("a"), 0,
            FileStatusFields.Basic | FileStatusFields.BirthTime | FileStatusFields.DirectAlignment, &status);
        Assert.That(ring.Next().Result, Is.Zero);

        Assert.That(status.ModificationTime.UtcDateTime, Is.EqualTo(time));
        Assert.That(status.ModificationNanoseconds, Is.EqualTo(123_456_700));
        Assert.That(status.SizeBytes, Is.EqualTo(4));
        Assert.That(status.Fields & FileStatusFields.Basic, Is.EqualTo(FileStatusFields.Basic));
        ring.Entry(2).PrepStatx(
            SubmissionEntry.CurrentDirectory, "/dev/null"u8, 0, FileStatusFields.Basic, &status);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That((status.SpecialMajor, status.SpecialMinor), Is.EqualTo((1u, 3u)));
    }

    [Test]
    public void The_layout_of_a_status_is_the_kernels()
    {
        FileStatus status;
        byte* start = (byte*)&status;
        long[] offsets =
        [
            (byte*)&status.AttributesMask - start, (byte*)&status.BirthNanoseconds - start,
            (byte*)&status.MountId - start, (byte*)&status.DirectMemoryAlignment - start,
            (byte*)&status.Subvolume - start, (byte*)&status.DirectReadOffsetAlignment - start,
        ];

        Assert.That(sizeof(FileStatus), Is.EqualTo(256));
        Assert.That(offsets, Is.EqualTo([0x38L, 0x58, 0x90, 0x98, 0xA0, 0xB4]));
    }

    private static int Open(Ring ring, string path, OpenFlags flags)
    {
        ring.Entry(1).PrepOpen(path, flags | OpenFlags.CloseOnExec);
        int descriptor = ring.Next().Result;
        Assert.That(descriptor, Is.Positive);
        return descriptor;
    }

    private static void Step(
        Ring ring, bool utf8, LiburingCalls.Prepare bytes, LiburingCalls.Prepare text)
    {
        SubmissionEntry entry = ring.Entry(1);
        (utf8 ? bytes : text)(entry);
        CompletionEntry completion = ring.Next();
        Assert.That(completion.Error, Is.Null);
    }

    private static string Refusal(Ring ring, LiburingCalls.Prepare prepare)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepNop();
        try
        {
            prepare(entry);
            return "none";
        }
        catch (ArgumentException refused)
        {
            return refused.Message;
        }
    }
}
