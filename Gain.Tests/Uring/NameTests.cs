using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Names of files: made, changed, removed; and the attributes that files have.</summary>
[TestFixture]
internal sealed unsafe class NameTests
{
    private const int RemoveDirectory = 0x200;
    private const uint NoReplace = 1;
    private const uint Exchange = 2;
    private const int CreateOnly = 1;

    [Test]
    public void Directories_are_made_and_removed()
    {
        using TempFolder folder = new();
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.MakeDirectoryAt);
        byte* path = folder.Path("d");
        ring.Entry(1).PrepMkdir(path, 0x1C0);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(Directory.Exists(folder.At("d")));
        ring.Entry(2).PrepMkdirat(SubmissionEntry.CurrentDirectory, path, 0x1C0);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EEXIST));
        ring.Entry(3).PrepUnlink(path, 0);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EISDIR));

        ring.Entry(4).PrepUnlinkat(SubmissionEntry.CurrentDirectory, path, RemoveDirectory);

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(Directory.Exists(folder.At("d")), Is.False);
    }

    [Test]
    public void Files_are_renamed_exchanged_and_kept_from_being_replaced()
    {
        using TempFolder folder = new();
        byte* a = folder.File("a", "a"u8);
        byte* b = folder.File("b", "b"u8);
        using Ring ring = TestRing.Create();
        const int here = SubmissionEntry.CurrentDirectory;
        ring.Entry(1).PrepRenameat(here, a, here, b, NoReplace);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EEXIST));
        ring.Entry(2).PrepRenameat(here, a, here, b, Exchange);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("b"));

        ring.Entry(3).PrepRename(a, b);

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(File.Exists(folder.At("a")), Is.False);
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("b"));
    }

    [Test]
    public void Links_are_made_and_removed()
    {
        using TempFolder folder = new();
        byte* file = folder.File("a", "text"u8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.LinkAt);
        const int here = SubmissionEntry.CurrentDirectory;
        ring.Entry(1).PrepLink(file, folder.Path("b"), 0);
        ring.Entry(2).PrepLinkat(here, file, here, folder.Path("c"), 0);
        ring.Entry(3).PrepSymlink(folder.Text("a"), folder.Path("d"));
        ring.Entry(4).PrepSymlinkat(folder.Text("a"), here, folder.Path("e"));
        Assert.That(ring.Next(4).Select(c => c.Result), Is.EqualTo([0, 0, 0, 0]));
        Assert.That(new FileInfo(folder.At("e")).LinkTarget, Is.EqualTo("a"));

        ring.Entry(5).PrepUnlink(file, 0);

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(File.ReadAllText(folder.At("b")), Is.EqualTo("text"));
        Assert.That(File.ReadAllText(folder.At("c")), Is.EqualTo("text"));
        Assert.That(() => File.ReadAllText(folder.At("d")), Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void Attributes_are_set_and_read_by_path_and_by_descriptor()
    {
        using TempFolder folder = new();
        byte* path = folder.File("a", "x"u8);
        using NativeBuffers buffers = new(2, 16);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.SetAttribute);
        byte* name = folder.Text("user.note");
        "value"u8.CopyTo(new Span<byte>(buffers.At(0), 16));
        ring.Entry(1).PrepSetxattr(name, buffers.At(0), path, 0, 5);
        int result = ring.Next().Result;
        if (result == -Errno.EOPNOTSUPP)
        {
            Assert.Ignore("the file system of the temporary folder has no extended attributes");
        }

        Assert.That(result, Is.Zero);
        ring.Entry(2).PrepGetxattr(name, buffers.At(1), path, 16);
        Assert.That(ring.Next().Result, Is.EqualTo(5));
        Assert.That(buffers.Copy(1, 5), Is.EqualTo("value"u8.ToArray()));

        int fd = folder.Open(ring, "a");
        ring.Entry(3).PrepFsetxattr(fd, name, buffers.At(0), CreateOnly, 5);
        ring.Entry(4).PrepFgetxattr(fd, name, buffers.At(1), 2);
        ring.Entry(5).PrepFgetxattr(fd, folder.Text("user.other"), buffers.At(1), 16);

        Assert.That(
            ring.Next(3).Select(c => c.Result), Is.EqualTo([-Errno.EEXIST, -Errno.ERANGE, -Errno.ENODATA]));
        Assert.That(Libc.Close(fd), Is.Zero);
    }
}
