using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Files, buffers and rings that are released on a wrong thread, under restrictions, or out of order: the
/// kernel never writes to memory that is someone else's by then.
/// </summary>
[TestFixture]
internal sealed unsafe class ReleaseTests
{
    [Test]
    public void Registrations_stay_when_another_thread_disposes_of_them()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        FixedFiles files = ring.RegisterFiles([pair.First]);
        FixedBuffers buffers = ring.RegisterBuffers(1, 4096);
        BufferRing pool = ring.RegisterBufferRing(1, 2, 16);
        BufferRing addresses = ring.RegisterBufferRing(2, 2);

        Action[] disposals = [files.Dispose, buffers.Dispose, pool.Dispose, addresses.Dispose];
        foreach (Action dispose in disposals)
        {
            Assert.That(Elsewhere(dispose), Is.InstanceOf<InvalidOperationException>());
        }

        // All of them are as they were.
        pair.Write("x"u8);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepReadFixed(0, buffers, 0, 0, 1, 0);
        entry.Flags |= SubmissionFlags.FixedFile;
        Assert.That(ring.Next().Result, Is.EqualTo(1));
        Assert.That(buffers.Span(0)[0], Is.EqualTo((byte)'x'));
        pair.Write("y"u8);
        entry = ring.Entry(2);
        entry.PrepRecv(pair.First, null, 0, 0);
        entry.SetBufferGroup(1);
        Assert.That(pool.Lend(ring.Next()).SequenceEqual("y"u8));

        // And gone afterwards: each can be registered again.
        files.Dispose();
        buffers.Dispose();
        pool.Dispose();
        addresses.Dispose();
        Assert.That(() => ring.RegisterFiles([pair.First]), Throws.Nothing);
        Assert.That(() => ring.RegisterBuffers(1, 4096), Throws.Nothing);
        Assert.That(() => ring.RegisterBufferRing(1, 2, 16), Throws.Nothing);
        Assert.That(() => ring.RegisterBufferRing(2, 2), Throws.Nothing);
    }

    [Test]
    public void A_ring_that_another_thread_closes_keeps_the_memory_that_the_kernel_may_write_to()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        Ring? ring = null;
        byte* lent = null;
        using SemaphoreSlim ready = new(0);
        using SemaphoreSlim over = new(0);
        Thread owner = new(() =>
        {
            ring = TestRing.Create();
            BufferRing pool = ring.RegisterBufferRing(1, 1, 1 << 16);
            SubmissionEntry entry = ring.Entry(1);
            entry.PrepRecv(pair.First, null, 0, 0);
            entry.SetBufferGroup(1);
            pair.Write("x"u8);
            fixed (byte* start = pool.Lend(ring.Next()))
            {
                lent = start;
            }

            _ = ready.Release();
            over.Wait();
        });
        owner.Start();
        ready.Wait();

        ring!.Dispose();

        int mapped = Libc.MAdvise(lent, 4096, 0);
        _ = over.Release();
        owner.Join();
        Assert.That(mapped, Is.Zero, "The pool is mapped still.");
    }

    [Test]
    public void Under_restrictions_the_end_of_the_ring_releases_them()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled);
        FixedFiles files = ring.RegisterFiles([pair.First]);
        FixedBuffers buffers = ring.RegisterBuffers(1, 4096);
        BufferRing pool = ring.RegisterBufferRing(1, 2, 16);
        byte* memory;
        fixed (byte* start = buffers.Span(0))
        {
            memory = start;
        }

        ring.RegisterRestrictions([Restriction.Allow(RingOperation.Receive)]);
        ring.Enable();

        Assert.Multiple(() =>
        {
            Assert.That(files.Dispose, Throws.Nothing);
            Assert.That(buffers.Dispose, Throws.Nothing);
            Assert.That(pool.Dispose, Throws.Nothing);
        });

        // The kernel could not let go of them: the memory is not unmapped under it.
        Assert.That(Libc.MAdvise(memory, 4096, 0), Is.Zero);
        Assert.That(pool.Publish, Throws.Nothing);
        ring.Dispose();
        Assert.That(pool.Publish, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Shared_buffers_outlive_the_ring_that_made_them()
    {
        Ring source = TestRing.Create();
        using Ring target = TestRing.Create();
        FixedBuffers buffers = source.RegisterBuffers(1, 4096);
        FixedBuffers shared = Gate.Try(() => target.CloneBuffers(source));
        buffers.Span(0)[7] = 42;
        byte* memory;
        fixed (byte* start = shared.Span(0))
        {
            memory = start;
        }

        source.Dispose();

        Assert.That(() => buffers.Span(0).Length, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(shared.Span(0)[7], Is.EqualTo(42));
        Assert.That(Libc.MAdvise(memory, 4096, 0), Is.Zero);
        shared.Dispose();
        Assert.That(() => shared.Span(0).Length, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_ring_without_descriptor_maps_no_memory_of_the_kernels_and_keeps_its_size()
    {
        using Ring ring = TestRing.Create();
        if (!ring.UsesRegisteredDescriptor)
        {
            Assert.Ignore("the kernel is older than 5.18, and a ring needs its descriptor");
        }

        ring.CloseDescriptor();

        Assert.That(
            () => ring.RegisterBufferRing(3, 4, BufferRingFlags.KernelMemory),
            Throws.InstanceOf<RingException>().With.Message.Contains("KernelMemory"));
        Assert.That(() => ring.RegisterBufferRing(3, 4), Throws.Nothing, "The group is free.");
        Assert.That(() => ring.Resize(32, 64), Throws.InstanceOf<InvalidOperationException>()
            .Or.InstanceOf<RingException>());
        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().UserData, Is.EqualTo(1));
    }

    private static Exception? Elsewhere(Action action)
    {
        Exception? thrown = null;
        Thread other = new(() =>
        {
            try
            {
                action();
            }
            catch (InvalidOperationException refused)
            {
                thrown = refused;
            }
        });
        other.Start();
        other.Join();
        return thrown;
    }
}
