using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Space, durability, advice and status of files.</summary>
[TestFixture]
internal sealed unsafe class StorageTests
{
    private const int KeepSize = 1;
    private const int Sequential = 2;
    private const int WillNeed = 3;
    private const uint BasicStatus = 0x7FF;

    [Test]
    public void A_sync_follows_the_write_that_it_is_linked_to([Values] FileSyncFlags flags)
    {
        using TempFolder folder = new();
        _ = folder.File("a", []);
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        SubmissionEntry write = ring.Entry(1);
        write.PrepWrite(fd, buffers.At(0), 8, 0);
        write.Flags = SubmissionFlags.Link;
        ring.Entry(2).PrepFsync(fd, flags);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([8, 0]));

        ring.Entry(3).PrepSyncFileRange(fd, 4, 0, 7);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void Space_is_allocated_with_and_without_a_size()
    {
        using TempFolder folder = new();
        _ = folder.File("a", []);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        ring.Entry(1).PrepFallocate(fd, KeepSize, 0, 8192);
        int result = ring.Next().Result;
        if (result == -Errno.EOPNOTSUPP)
        {
            Assert.Ignore("the file system of the temporary folder has no fallocate");
        }

        Assert.That(result, Is.Zero);
        Assert.That(new FileInfo(folder.At("a")).Length, Is.Zero);

        ring.Entry(2).PrepFallocate(fd, 0, 0, 8192);

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(new FileInfo(folder.At("a")).Length, Is.EqualTo(8192));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void A_file_is_cut_and_extended()
    {
        using TempFolder folder = new();
        _ = folder.File("a", "0123456789"u8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.FileTruncate);
        int fd = folder.Open(ring, "a");
        ring.Entry(1).PrepFtruncate(fd, 4);
        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("0123"));

        ring.Entry(2).PrepFtruncate(fd, 6);

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(File.ReadAllText(folder.At("a")), Is.EqualTo("0123\0\0"));
        Assert.That(Libc.Close(fd), Is.Zero);
    }

    [Test]
    public void Advice_is_taken_and_nonsense_is_not()
    {
        using TempFolder folder = new();
        _ = folder.File("a", "x"u8);
        using Ring ring = TestRing.Create();
        int fd = folder.Open(ring, "a");
        void* page = NativeMemory.AlignedAlloc(4096, 4096);
        try
        {
            ring.Entry(1).PrepFadvise(fd, 0, 0, Sequential);
            ring.Entry(2).PrepFadvise64(fd, 0, 4096, WillNeed);
            ring.Entry(3).PrepMadvise(page, 4096, WillNeed);
            ring.Entry(4).PrepMadvise64(page, 4096, WillNeed);
            ring.Entry(5).PrepFadvise(fd, 0, 0, 99);
            ring.Entry(6).PrepMadvise(page, 4096, 999);

            Assert.That(
                ring.Next(6).Select(c => c.Result), Is.EqualTo([0, 0, 0, 0, -Errno.EINVAL, -Errno.EINVAL]));
        }
        finally
        {
            NativeMemory.AlignedFree(page);
            Assert.That(Libc.Close(fd), Is.Zero);
        }
    }

    [Test]
    public void The_status_of_a_file_is_that_of_the_file()
    {
        using TempFolder folder = new();
        byte* path = folder.File("a", "0123456789"u8);
        using Ring ring = TestRing.Create();
        FileStatus* told = stackalloc FileStatus[1];

        ring.Entry(1).PrepStatx(SubmissionEntry.CurrentDirectory, path, 0, BasicStatus, told);

        Assert.That(ring.Next().Result, Is.Zero);
        FileStatus status = *told;
        FileInfo file = new(folder.At("a"));
        Assert.Multiple(() =>
        {
            Assert.That(Marshal.SizeOf<FileStatus>(), Is.EqualTo(256));
            Assert.That(status.SizeBytes, Is.EqualTo(10));
            Assert.That(status.LinkCount, Is.EqualTo(1));
            Assert.That(status.Mode & 0x1FF, Is.EqualTo((int)file.UnixFileMode));
            Assert.That(
                status.ModificationSeconds,
                Is.EqualTo(new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds()));
            Assert.That(status.UserId, Is.EqualTo(geteuid()));
        });
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern uint geteuid();
}
