using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class CancelTests
{
    [Test]
    public void By_user_data_it_ends_that_operation_only()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 8, 0);
        ring.Entry(2).PrepRecv(pair.Second, buffers.At(1), 8, 0);
        ring.AssertIdle();

        ring.Entry(3).PrepCancel(1, CancelFlags.None);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].UserData, Is.EqualTo(1));
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[1].UserData, Is.EqualTo(3));
        Assert.That(completions[1].Result, Is.Zero);
        ring.AssertIdle();
    }

    [Test]
    public void Of_nothing_it_completes_with_ENOENT()
    {
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepCancel(99, CancelFlags.None);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOENT));
    }

    [Test]
    public void By_descriptor_it_ends_all_of_its_operations_and_tells_their_number()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 8, 0);
        ring.Entry(2).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.AssertIdle();

        ring.Entry(3).PrepCancelFd(pair.First, CancelFlags.All);

        CompletionEntry[] completions = ring.Next(3);
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[1].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[2].Result, Is.EqualTo(2));
    }

    [Test]
    public void Of_everything_it_takes_any_key()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepRecv(pair.First, buffers.At(0), 8, 0);
        ring.Entry(2).PrepRecv(pair.Second, buffers.At(1), 8, 0);
        ring.AssertIdle();

        ring.Entry(3).PrepCancel(0, CancelFlags.Any | CancelFlags.All);

        Assert.That(ring.Next(3)[2].Result, Is.EqualTo(2));
    }

    [Test]
    public void By_operation_it_leaves_the_others()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.Entry(2).PrepRecv(pair.Second, buffers.At(0), 8, 0);
        ring.AssertIdle();

        SubmissionEntry entry = ring.Entry(3);
        entry.PrepCancel(0, CancelFlags.All);
        entry.SetCancelOperation(RingOperation.PollAdd);

        CompletionEntry[] completions = Narrowed(ring, 2);
        Assert.That(completions[0].UserData, Is.EqualTo(1));
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[1].Result, Is.EqualTo(1));
        ring.AssertIdle();
    }

    [Test]
    public void By_descriptor_and_user_data_it_takes_both()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.Entry(2).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
        ring.Entry(3).PrepPollAdd(pair.Second, (uint)Libc.POLLIN);
        ring.AssertIdle();

        ring.Entry(4).PrepCancelFd(pair.First, 2, CancelFlags.None);

        CompletionEntry[] completions = Narrowed(ring, 2);
        Assert.That(completions[0].UserData, Is.EqualTo(2));
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        ring.AssertIdle();
    }

    private static CompletionEntry[] Narrowed(Ring ring, int count)
    {
        CompletionEntry[] first = [ring.Next()];
        if (first[0].Result == -Errno.EINVAL)
        {
            Assert.Ignore("the kernel is older than 6.6");
        }

        CompletionEntry[] all = [.. first, .. ring.Next(count - 1)];
        Array.Sort(all, (left, right) => left.UserData.CompareTo(right.UserData));
        return all;
    }
}
