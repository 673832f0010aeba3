using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Rings that end with work in flight, and memory that is to be given back.</summary>
[TestFixture]
internal sealed unsafe class TeardownTests
{
    [Test]
    public void A_ring_with_operations_of_every_kind_in_flight_is_closed()
    {
        for (int turn = 0; turn < 20; turn++)
        {
            using DescriptorPair pair = DescriptorPair.Sockets();
            using NativeBuffers buffers = new(3, 64);
            Ring ring = TestRing.Create();
            BufferRing group = ring.RegisterBufferRing(1, 4, 64);
            FixedFiles files = ring.RegisterFiles([pair.First]);
            FixedBuffers registered = ring.RegisterBuffers(1, 4096);
            Timespec time = new(3600, 0);
            ring.Entry(1).PrepTimeout(&time, 0, TimeoutFlags.None);
            ring.Entry(2).PrepPollMultishot(pair.First, (uint)Libc.POLLIN);
            SubmissionEntry receive = ring.Entry(3);
            receive.PrepRecvMultishot(0, 0);
            receive.SetBufferGroup(1);
            receive.Flags |= SubmissionFlags.FixedFile;
            SubmissionEntry read = ring.Entry(4);
            read.PrepReadFixed(pair.First, registered, 0, 0, 64, 0);
            read.Flags = SubmissionFlags.Async;
            Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(4));

            // All that the kernel still writes to is its own, pinned, or unmapped: nothing is anyone else's.
            _ = ring.CancelNow(0, -1, CancelFlags.Any | CancelFlags.All, -1);
            ring.Dispose();

            Assert.Multiple(() =>
            {
                Assert.That(() => files.Update(0, [0]), Throws.InstanceOf<ObjectDisposedException>());
                Assert.That(() => registered.Span(0).Length, Throws.InstanceOf<ObjectDisposedException>());
                Assert.That(() => group.Publish(), Throws.InstanceOf<ObjectDisposedException>());
                Assert.That(files.Dispose, Throws.Nothing);
                Assert.That(registered.Dispose, Throws.Nothing);
                Assert.That(group.Dispose, Throws.Nothing);
            });
        }
    }

    [Test]
    public void Memory_of_buffers_is_given_back()
    {
        // Another thread may map something at the same place in between; not each time.
        int attempts = 0;
        while (!IsUnmappedAfterDispose())
        {
            Assert.That(++attempts, Is.LessThan(20), "The memory is still mapped.");
        }
    }

    [Test]
    public void A_thread_that_ends_takes_its_operations_along()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        Ring? ring = null;
        Thread owner = new(() =>
        {
            ring = TestRing.Create(flags: RingSetupFlags.None);
            ring.Entry(1).PrepPollAdd(pair.First, (uint)Libc.POLLIN);
            _ = ring.Submit();
        });
        owner.Start();
        owner.Join();

        Assert.That(ring!.Dispose, Throws.Nothing);
        Assert.That(ring.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_registered_file_outlives_its_descriptor_and_not_its_ring()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using (Ring ring = TestRing.Create())
        {
            using FixedFiles files = ring.RegisterFiles([pipe.First]);
            Assert.That(Libc.Close(pipe.TakeFirst()), Is.Zero);
            pollfd open = new() { fd = pipe.Second, events = Libc.POLLOUT };
            Assert.That(Libc.Poll(&open, 1, 0), Is.EqualTo(1));
            Assert.That(open.revents & Libc.POLLERR, Is.Zero, "The table holds it open.");
        }

        // The kernel closes it when the table is gone, a moment later.
        pollfd closed = new() { fd = pipe.Second };
        Assert.That(Libc.Poll(&closed, 1, 20_000), Is.EqualTo(1));
        Assert.That(closed.revents & Libc.POLLERR, Is.Not.Zero);
    }

    [Test]
    public void A_disposed_ring_registers_and_waits_no_more()
    {
        Ring ring = TestRing.Create();
        ring.Dispose();

        Assert.Multiple(() =>
        {
            foreach (TestDelegate call in new TestDelegate[]
            {
                () => ring.RegisterFilesSparse(1), () => ring.RegisterBuffers(1, 1),
                () => ring.RegisterEventFd(0), () => ring.Wait(1, 0), () => ring.TryPeekCompletion(out _),
                () => ring.Resize(1, 2), () => ring.TryGetEntry128(out _), () => ring.RegisterPersonality(),
                () => ring.SubmitAndWait(1, new RingWait()), () => ring.RegisterBufferRing(1, 1, 16),
                () => ring.NotifiesEventFd = false, ring.DontFork, ring.CloseDescriptor,
                ring.WaitForSubmissionRoom, ring.RegisterDescriptor,
                () => ring.TakeCompletions(),
            })
            {
                Assert.That(call, Throws.InstanceOf<ObjectDisposedException>());
            }

        });
    }

    [Test]
    public void Another_thread_registers_and_waits_not_at_all()
    {
        using Ring ring = TestRing.Create();
        List<Exception> thrown = [];
        Action[] calls =
        [
            () => ring.RegisterFilesSparse(1), () => ring.RegisterBuffers(1, 1), () => ring.Wait(1, 0),
            () => ring.TryPeekCompletion(out _), () => ring.RegisterPersonality(), () => ring.Resize(1, 2),
            () => ring.CancelNow(0, -1, CancelFlags.Any, 0), () => ring.SetIoWait(true),
            ring.UnregisterDescriptor, ring.DontFork,
        ];
        Thread other = new(() =>
        {
            foreach (Action call in calls)
            {
                try
                {
                    call();
                }
                catch (InvalidOperationException refused)
                {
                    thrown.Add(refused);
                }
            }
        });

        other.Start();
        other.Join();

        Assert.That(thrown, Has.Count.EqualTo(calls.Length));
    }

    private static bool IsUnmappedAfterDispose()
    {
        void* owned;
        void* pool;
        using (DescriptorPair pair = DescriptorPair.Sockets())
        using (Ring ring = TestRing.Create())
        {
            FixedBuffers buffers = ring.RegisterBuffers(2, 100_000);
            BufferRing group = ring.RegisterBufferRing(1, 1, 1 << 16);
            pair.Write("x"u8);
            SubmissionEntry entry = ring.Entry(1);
            entry.PrepRecvMultishot(pair.First, 0);
            entry.SetBufferGroup(1);
            fixed (byte* first = buffers.Span(0), second = group.Lend(ring.Next()))
            {
                owned = first;
                pool = second;
            }

            Assert.That(Libc.MAdvise(owned, 4096, 0), Is.Zero);
            Assert.That(Libc.MAdvise(pool, 4096, 0), Is.Zero);
            _ = ring.CancelNow(0, -1, CancelFlags.Any | CancelFlags.All, -1);
        }

        return Libc.MAdvise(owned, 4096, 0) == -Errno.ENOMEM && Libc.MAdvise(pool, 4096, 0) == -Errno.ENOMEM;
    }
}
