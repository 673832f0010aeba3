using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Whose a ring is: of a thread that is gone, nobody's; of one that is made disabled, the enabler's.
/// </summary>
[TestFixture]
internal sealed class OwnerTests
{
    [Test]
    public void A_ring_of_a_thread_that_ended_is_no_other_threads()
    {
        Ring? left = null;
        Run(() => left = TestRing.Create());

        // The runtime gives the number of a thread that is collected to the next one.
        for (int i = 0; i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Run(() =>
            {
                using Ring ours = TestRing.Create();
                Assert.That(() => left!.TryPeekCompletion(out _), Throws.InvalidOperationException);
                Assert.That(() => left!.Submit(), Throws.InvalidOperationException);
            });
        }

        Run(() => AssertEndsAlone(left!));
    }

    [Test]
    public void A_disabled_ring_is_that_of_the_thread_that_enables_it()
    {
        Ring? ring = null;
        Run(() => ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled));

        Run(() =>
        {
            ring!.Enable();
            for (ulong i = 0; i < 40; i++)
            {
                ring.Entry(i).PrepNop();
                Assert.That(ring.Next().UserData, Is.EqualTo(i));
            }

            SubmissionEntry entry = ring.Entry(1);
            entry.PrepUnlink("/proc/none", 0);
            Assert.That(ring.Next().Result, Is.LessThan(0), "Names are found on the new thread.");
            using Ring other = TestRing.Create();
            Assert.That(ring.UsesRegisteredDescriptor, Is.EqualTo(other.UsesRegisteredDescriptor));
            Assert.That(ring.Enable, Throws.InstanceOf<RingException>(), "It is enabled.");
            ring.Dispose();
            other.Entry(2).PrepNop();
            Assert.That(other.Next().UserData, Is.EqualTo(2));
        });
    }

    [Test]
    public void An_enabled_ring_is_not_handed_over()
    {
        using Ring ring = TestRing.Create(flags: RingSetupFlags.Default | RingSetupFlags.Disabled);
        ring.Enable();

        Run(() => Assert.That(ring.Enable, Throws.InvalidOperationException));

        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().UserData, Is.EqualTo(1));
    }

    [Test]
    public void A_ring_whose_start_fails_is_still_its_makers()
    {
        TestRing.Create().Dispose();
        bool refuses = true;
        PlayedKernel kernel = new()
        {
            RegisterErrno = operation =>
                refuses && operation == IORING_REGISTER.IORING_REGISTER_ENABLE_RINGS ? Errno.ENOMEM : 0,
        };
        RingSetupFlags flags = RingSetupFlags.Default | RingSetupFlags.Disabled;
        using Ring ring = Ring.Create(new RingOptions { Entries = 4, Flags = flags }, kernel);

        Run(() => Assert.That(ring.Enable, Throws.InstanceOf<RingException>()));

        Assert.That(() => ring.RegisterFilesSparse(1), Throws.Nothing);
        Run(() => Assert.That(() => ring.RegisterFilesSparse(1), Throws.InvalidOperationException));
        refuses = false;
        ring.Enable();
        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().UserData, Is.EqualTo(1));
    }

    [Test]
    public void A_ring_without_descriptor_stays_where_it_was_made()
    {
        const RingSetupFlags flags = RingSetupFlags.Default | RingSetupFlags.NoMapping
            | RingSetupFlags.RegisteredDescriptorOnly | RingSetupFlags.Disabled;
        using Ring ring = Gate.Create(new RingOptions { Entries = 4, Flags = flags });

        Run(() => Assert.That(
            ring.Enable, Throws.InvalidOperationException.With.Message.Contains("RegisteredDescriptorOnly")));

        ring.Enable();
        ring.Entry(1).PrepNop();
        Assert.That(ring.Next().UserData, Is.EqualTo(1));
    }

    private static void AssertEndsAlone(Ring left)
    {
        // It has the index that the other thread's had.
        using Ring ours = TestRing.Create();
        left.Dispose();
        ours.Entry(3).PrepNop();
        Assert.That(ours.Next().UserData, Is.EqualTo(3), "The other one's end unregistered this ring.");
    }

    // An assertion that fails on another thread fails here.
    private static void Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
