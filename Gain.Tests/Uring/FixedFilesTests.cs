using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>The table of registered files.</summary>
[TestFixture]
internal sealed unsafe class FixedFilesTests
{
    [Test]
    public void A_file_is_used_by_its_index_also_when_its_descriptor_is_closed()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFiles([-1, pipe.First]);
        Assert.That(files.Count, Is.EqualTo(2));
        pipe.Write("x"u8);
        Assert.That(Libc.Close(pipe.TakeFirst()), Is.Zero);

        Assert.That(Read(ring, 1, buffers), Is.EqualTo(1));
        Assert.That(Read(ring, 0, buffers), Is.EqualTo(-Errno.EBADF));
        Assert.That(Read(ring, 2, buffers), Is.EqualTo(-Errno.EBADF));
    }

    [Test]
    public void Places_are_changed_skipped_and_emptied()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFilesSparse(3);
        pipe.Write("xyz"u8);
        Assert.That(files.Update(0, [pipe.First, pipe.First]), Is.EqualTo(2));
        Assert.That(Read(ring, 1, buffers), Is.EqualTo(3));

        Assert.That(files.Update(0, [-1, FixedFiles.Skip, pipe.First]), Is.EqualTo(3));

        pipe.Write("xyz"u8);
        Assert.That(Read(ring, 0, buffers), Is.EqualTo(-Errno.EBADF));
        Assert.That(Read(ring, 1, buffers), Is.EqualTo(3));
        RingException? refused = Assert.Throws<RingException>(() => files.Update(2, [1, 1]));
        Assert.That(refused!.ErrorName, Is.EqualTo("EINVAL"));
        Assert.That(refused.Message, Does.StartWith("io_uring_register of changed files: EINVAL"));
    }

    [Test]
    public void Places_are_changed_by_a_submission()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFilesSparse(4);
        int fd = pipe.First;
        ring.Entry(1).PrepFilesUpdate(&fd, 1, 2);
        Assert.That(ring.Next().Result, Is.EqualTo(1));
        pipe.Write("x"u8);
        Assert.That(Read(ring, 2, buffers), Is.EqualTo(1));

        ring.Entry(2).PrepFilesUpdate(&fd, 1, -1);

        Assert.That(ring.Next().Result, Is.EqualTo(1));
        Assert.That(fd, Is.InRange(0, 3).And.Not.EqualTo(2), "The kernel wrote the index that it picked.");
        pipe.Write("y"u8);
        Assert.That(Read(ring, fd, buffers), Is.EqualTo(1));
    }

    [Test]
    public void The_kernel_picks_within_a_range()
    {
        using TempFolder folder = new();
        byte* path = folder.File("a", "x"u8);
        using Ring ring = TestRing.Create();
        using FixedFiles files = ring.RegisterFilesSparse(8);
        Gate.Try(() =>
        {
            files.SetAllocationRange(5, 2);
            return 0;
        });

        int[] picked =
        [
            .. Enumerable.Range(0, 3).Select(_ =>
            {
                ring.Entry(1).PrepOpenDirect(path, 0, 0, FixedFiles.AnyIndex);
                return ring.Next().Result;
            }),
        ];

        Assert.That(picked, Is.EqualTo([5, 6, -Errno.ENFILE]));
        Assert.That(() => files.SetAllocationRange(7, 2), Throws.InstanceOf<RingException>());
    }

    [Test]
    public void A_tag_comes_as_a_completion_when_the_file_is_no_longer_in_use()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.ResourceTags);
        using FixedFiles files = ring.RegisterFiles([pipe.First, pipe.Second], [7, 8]);
        ring.AssertIdle();

        Assert.That(files.Update(0, [-1], [0]), Is.EqualTo(1));
        Assert.That(ring.Next().UserData, Is.EqualTo(7));
        files.Dispose();

        Assert.That(ring.Next().UserData, Is.EqualTo(8));
    }

    [Test]
    public void Tags_are_one_for_each_or_none()
    {
        using Ring ring = TestRing.Create();

        Assert.That(() => ring.RegisterFiles([0, 1], [7]), Throws.ArgumentException);
    }

    [Test]
    public void A_ring_has_one_table_at_a_time()
    {
        using Ring ring = TestRing.Create();
        FixedFiles files = ring.RegisterFilesSparse(1);
        RingException? refused = Assert.Throws<RingException>(() => ring.RegisterFiles([0]));
        Assert.That(refused!.ErrorName, Is.EqualTo("EBUSY"));
        Assert.That(refused.Advice, Does.Contain("unregister"));
        files.Dispose();
        files.Dispose();
        Assert.That(() => files.Update(0, [0]), Throws.InstanceOf<ObjectDisposedException>());

        using FixedFiles again = ring.RegisterFiles([0]);

        Assert.That(again.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_file_goes_to_another_ring([Values] bool anywhere)
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        using FixedFiles files = source.RegisterFiles([pipe.First]);
        using FixedFiles there = target.RegisterFilesSparse(3);
        SubmissionEntry entry = source.Entry(1);
        if (anywhere)
        {
            entry.PrepMsgRingFdAlloc(target.Descriptor, 0, 0xFD, MessageFlags.None);
        }
        else
        {
            entry.PrepMsgRingFd(target.Descriptor, 0, 2, 0xFD, MessageFlags.None);
        }

        Assert.That(source.Next().Result, Is.Zero);
        CompletionEntry message = target.Next();
        Assert.That(message.UserData, Is.EqualTo(0xFD));
        pipe.Write("x"u8);
        Assert.That(Read(target, anywhere ? message.Result : 2, buffers), Is.EqualTo(1));
    }

    [Test]
    public void A_file_goes_to_another_ring_in_silence()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        using FixedFiles files = source.RegisterFiles([pipe.First]);
        using FixedFiles there = target.RegisterFilesSparse(1);

        source.Entry(1).PrepMsgRingFd(target.Descriptor, 0, 0, 5, MessageFlags.SkipCompletion);

        Assert.That(source.Next().Result, Is.Zero);
        target.AssertIdle();
    }

    [Test]
    public void A_message_carries_flags()
    {
        using Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        source.Entry(1).PrepMsgRingCqeFlags(target.Descriptor, 42, 7, MessageFlags.None, 0x0002_0000);
        int result = source.Next().Result;
        if (result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.3");
        }

        Assert.That(result, Is.Zero);
        CompletionEntry message = target.Next();
        Assert.That((message.UserData, message.Result, message.Flags), Is.EqualTo((7ul, 42, 0x0002_0000u)));
    }

    private static int Read(Ring ring, int index, NativeBuffers buffers)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRead(index, buffers.At(0), 8, 0);
        entry.Flags = SubmissionFlags.FixedFile;
        return ring.Next().Result;
    }
}
