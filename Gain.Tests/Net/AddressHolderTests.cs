using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Net;

/// <summary>
/// Addresses that nobody can be seen to have, as of a process that was killed: their socket is held by a ring
/// alone, and is free when the ring is.
/// </summary>
[NonParallelizable]
public sealed class AddressHolderTests
{
    private static readonly string[] s_addresses =
        ["tcp://127.0.0.1:0", "udp://127.0.0.1:0", "unix://@gain-holder", "unixgram://@gain-holder"];

    [TestCaseSource(nameof(s_addresses))]
    public void Holder_is_told_apart(string address)
    {
        RingAvailability.Require(GainRing.Uring);
        ListenerSet set = Open(address, out ServerAddress bound);
        Assert.That(AddressHolder.Find(bound), Is.EqualTo(HolderKind.Living));
        using (HandToRing(set))
        {
            Assert.That(AddressHolder.Find(bound), Is.EqualTo(HolderKind.Unknown));
        }

        // The kernel frees it a little later.
        Assert.That(() => AddressHolder.Find(bound), Is.EqualTo(HolderKind.None).After(60_000, 1));
    }

    [TestCaseSource(nameof(s_addresses))]
    public void Address_that_nobody_can_be_seen_to_have_is_waited_for(string address)
    {
        RingAvailability.Require(GainRing.Uring);
        ListenerSet set = Open(address, out ServerAddress bound);
        Ring ring = HandToRing(set);
        var told = new List<ServerAddress>();
        using var isTold = new ManualResetEventSlim();
        var retry = new BindRetry(TimeSpan.FromMinutes(1), waited =>
        {
            told.Add(waited);
            isTold.Set();
        });
        ListenerSet? again = null;
        Exception? failure = null;
        var opening = new Thread(() =>
        {
            try
            {
                again = retry.Open(bound, new GainOptions { WorkerCount = 1 });
            }
            catch (GainException refused)
            {
                failure = refused;
            }
        });
        opening.Start();
        isTold.Wait();

        // It pauses: it has tried again, in vain.
        while (opening.IsAlive && (opening.ThreadState & ThreadState.WaitSleepJoin) == 0)
        {
            Thread.Yield();
        }

        ring.Dispose();
        opening.Join();
        Assert.That(failure, Is.Null);
        again!.Dispose();
        Assert.That(told, Is.EqualTo([bound]));
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public void Wait_ends_at_its_limit_with_the_reason(int limitMs, bool isTold)
    {
        RingAvailability.Require(GainRing.Uring);
        ListenerSet set = Open(s_addresses[0], out ServerAddress bound);
        using Ring ring = HandToRing(set);
        int told = 0;
        var retry = new BindRetry(TimeSpan.FromMilliseconds(limitMs), _ => told++);
        GainException refused = Assert.Throws<GainException>(
            () => retry.Open(bound, new GainOptions { WorkerCount = 1 }))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(told, Is.EqualTo(isTold ? 1 : 0));
    }

    [Test]
    public void Wait_can_be_cancelled()
    {
        RingAvailability.Require(GainRing.Uring);
        ListenerSet set = Open(s_addresses[0], out ServerAddress bound);
        using Ring ring = HandToRing(set);
        using var cancelled = new CancellationTokenSource();
        var retry = new BindRetry(TimeSpan.FromHours(1), _ => cancelled.Cancel(), cancelled.Token);
        Assert.That(
            () => retry.Open(bound, new GainOptions { WorkerCount = 1 }),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Address_of_a_process_that_lives_is_not_waited_for()
    {
        using ListenerSet set = Open(s_addresses[0], out ServerAddress bound);
        int told = 0;
        var retry = new BindRetry(TimeSpan.FromHours(1), _ => told++);
        Assert.That(
            () => retry.Open(bound, new GainOptions { WorkerCount = 1 }), Throws.TypeOf<GainException>());
        Assert.That(told, Is.Zero);
    }

    private static ListenerSet Open(string address, out ServerAddress bound)
    {
        ListenerSet set = ServerAddress.Parse(address).Open(1, new GainOptions());
        bound = ServerAddress.Parse(set.Addresses[0]);
        return set;
    }

    // From here on no descriptor is the socket's.
    private static Ring HandToRing(ListenerSet set)
    {
        var ring = Ring.Create(new RingOptions { Entries = 8 });
        int fd = set.TakeListener(0, 0);
        ring.RegisterFiles([fd]);
        Libc.Close(fd);
        set.Dispose();
        return ring;
    }
}
