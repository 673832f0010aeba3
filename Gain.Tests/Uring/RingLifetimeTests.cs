using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class RingLifetimeTests
{
    [Test]
    public void Dispose_closes_the_descriptors_and_unmaps_the_memory()
    {
        int descriptorsBefore = Descriptors();
        int mappingsBefore = Mappings();
        Ring[] rings = [TestRing.Create(), TestRing.Create(flags: RingSetupFlags.None), TestRing.Create()];
        Assert.That(Descriptors(), Is.EqualTo(descriptorsBefore + rings.Length));
        Assert.That(Mappings(), Is.GreaterThanOrEqualTo(mappingsBefore + (2 * rings.Length)));

        foreach (Ring ring in rings)
        {
            ring.Dispose();
            ring.Dispose();
        }

        Assert.That(Descriptors(), Is.EqualTo(descriptorsBefore));
        Assert.That(Mappings(), Is.EqualTo(mappingsBefore));
    }

    [Test]
    public void Dispose_gives_the_registered_descriptor_back()
    {
        // A thread has 16 of them.
        for (int i = 0; i < 40; i++)
        {
            using Ring ring = TestRing.Create();
            if (i == 0 && !ring.UsesRegisteredDescriptor)
            {
                Assert.Ignore("the kernel is older than 5.18");
            }

            Assert.That(ring.UsesRegisteredDescriptor, $"Ring {i} got none.");
        }
    }

    [Test]
    public void More_rings_than_registered_descriptors_work_all_the_same()
    {
        List<Ring> rings = [];
        try
        {
            for (int i = 0; i < 20; i++)
            {
                rings.Add(TestRing.Create(entries: 1));
            }

            foreach (Ring ring in rings)
            {
                ring.Entry(5).PrepNop();
                Assert.That(ring.Next().UserData, Is.EqualTo(5));
            }

            Assert.That(rings[^1].UsesRegisteredDescriptor, Is.False);
        }
        finally
        {
            rings.ForEach(ring => ring.Dispose());
        }
    }

    [Test]
    public void Dispose_takes_the_buffer_rings_along()
    {
        Ring ring = TestRing.Create();
        BufferRing first = ring.RegisterBufferRing(1, 8);
        BufferRing second = ring.RegisterBufferRing(2, 8);
        first.Dispose();

        ring.Dispose();

        Assert.That(() => second.Publish(), Throws.InstanceOf<ObjectDisposedException>());
        second.Dispose();
    }

    [Test]
    public void A_disposed_ring_says_so()
    {
        Ring ring = TestRing.Create();
        ring.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(ring.Descriptor, Is.EqualTo(-1));
            Assert.That(() => ring.TryGetEntry(out _), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.Submit(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.SubmitAndGetEvents(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.SubmitAndWait(1, -1), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.GetEvents(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.GetProbe(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.RegisterBufferRing(1, 1), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.CompletionsReady, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.PeekCompletion(7), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.CompletionAt(7).Result, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.AdvanceCompletions(0), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.HasOverflow, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.TaskWorkPending, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.LostCompletions, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.DroppedSubmissions, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.SubmissionThreadSleeps, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => ring.NotifiesEventFd, Throws.InstanceOf<ObjectDisposedException>());
        });
    }

    [Test]
    public void Another_thread_is_turned_away()
    {
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(7, 2);
        List<Exception?> failures = [];
        Thread other = new(() =>
        {
            failures.Add(Catch(() => ring.Submit()));
            failures.Add(Catch(() => ring.SubmitAndGetEvents()));
            failures.Add(Catch(() => ring.SubmitAndWait(1, 0)));
            failures.Add(Catch(() => ring.GetEvents()));
            failures.Add(Catch(() => ring.GetProbe()));
            failures.Add(Catch(() => ring.RegisterBufferRing(1, 1)));
            failures.Add(Catch(pool.Publish));
            failures.Add(Catch(() => ring.TakeCompletions()));
            failures.Add(Catch(() => ring.AdvanceCompletions(0)));
            failures.Add(Catch(() => _ = ring.CompletionsReady));
        });
        other.Start();
        other.Join();

        Assert.That(failures, Has.Count.EqualTo(10).And.All.InstanceOf<InvalidOperationException>());
        Assert.That(failures[0]!.Message, Does.Contain("only on the thread that made it"));
    }

    [Test]
    public void Another_thread_can_dispose_of_what_a_dead_one_left()
    {
        Ring? ring = null;
        int before = Descriptors();
        Thread owner = new(() =>
        {
            ring = TestRing.Create();
            _ = ring.RegisterBufferRing(1, 8);
        });
        owner.Start();
        owner.Join();

        ring!.Dispose();

        Assert.That(Descriptors(), Is.EqualTo(before));
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (InvalidOperationException failure)
        {
            return failure;
        }
    }

    // Of rings only: other threads of the process open and close files as they like.
    private static int Descriptors() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Count(path => new FileInfo(path).LinkTarget is "anon_inode:[io_uring]");

    private static int Mappings() => File.ReadLines("/proc/self/maps")
        .Count(line => line.EndsWith("[io_uring]", StringComparison.Ordinal));
}
