using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>Several rings that accept on one socket, as workers do on a Unix one.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
internal sealed unsafe class SharedListenerTests(GainRing kind)
{
    private const ulong Accept = 7;
    private const ulong Cancel = 8;

    private readonly List<int> _clients = [];
    private sockaddr_in _address;
    private int _listener;

    [SetUp]
    public void Listen() => _listener = RingUnderTest.Listener(out _address);

    [TearDown]
    public void CloseDescriptors()
    {
        _clients.ForEach(fd => Libc.Close(fd));
        _clients.Clear();
        Libc.Close(_listener);
    }

    [Test]
    public void An_accept_of_one_is_over_with_the_first_connection()
    {
        using var ring = new RingUnderTest(kind);
        int listener = Libc.Duplicate(_listener);
        ring.Ring.PrepAcceptOne(listener, Accept);
        ring.Turn(0);
        Connect();
        Connect();
        TakeOne(ring);
        Assert.That(ring.Ready(), Is.Empty, "it took two");

        // The one that waits is found when the next accept is armed, without a further event.
        ring.Ring.PrepAcceptOne(listener, Accept);
        TakeOne(ring);
        End(ring, listener, isArmed: false);
    }

    [Test]
    public void A_connection_that_one_ring_leaves_is_anothers()
    {
        using var first = new RingUnderTest(kind);
        using var second = new RingUnderTest(kind);
        int one = Arm(first);
        int other = Arm(second);
        for (int i = 0; i < 50; i++)
        {
            // Two come, and each ring takes one of them, whichever is asked first.
            Connect();
            Connect();
            RingUnderTest[] turns = i % 2 == 0 ? [first, second] : [second, first];
            TakeOne(turns[0]);
            TakeOne(turns[1]);
            first.Ring.PrepAcceptOne(one, Accept);
            second.Ring.PrepAcceptOne(other, Accept);
            Assert.That(first.Ready(), Is.Empty);
            Assert.That(second.Ready(), Is.Empty);
        }

        End(first, one, isArmed: true);
        End(second, other, isArmed: true);
    }

    [Test]
    public void Rings_that_wait_take_turns()
    {
        if (kind == GainRing.Epoll)
        {
            Assert.Ignore("Epoll sets that nobody waits on are all told: see the tests of servers.");
        }

        using var first = new RingUnderTest(kind);
        using var second = new RingUnderTest(kind);
        int one = Arm(first);
        int other = Arm(second);
        for (int i = 0; i < 50; i++)
        {
            (RingUnderTest next, RingUnderTest idle) = i % 2 == 0 ? (first, second) : (second, first);
            Connect();
            Assert.That(idle.Ready(), Is.Empty, "it had its turn before");
            TakeOne(next);
            next.Ring.PrepAcceptOne(i % 2 == 0 ? one : other, Accept);
            next.Turn(0);
        }

        End(first, one, isArmed: true);
        End(second, other, isArmed: true);
    }

    private int Arm(RingUnderTest ring)
    {
        int listener = Libc.Duplicate(_listener);
        ring.Ring.PrepAcceptOne(listener, Accept);
        ring.Turn(0);
        return listener;
    }

    private static void TakeOne(RingUnderTest ring)
    {
        CompletionEntry accepted = ring.Next();
        Assert.That(accepted.UserData, Is.EqualTo(Accept));
        Assert.That(accepted.Result, Is.Positive, Errno.Describe(-accepted.Result));
        Assert.That(accepted.HasMore, Is.False);
        ring.Ring.Close(accepted.Result);
    }

    private static void End(RingUnderTest ring, int listener, bool isArmed)
    {
        if (isArmed)
        {
            ring.Ring.PrepCancel(Accept, Cancel);
            CompletionEntry[] ends = [ring.Next(), ring.Next()];
            Assert.That(ends.Single(end => end.UserData == Accept).Result, Is.EqualTo(-Errno.ECANCELED));
        }

        ring.Ring.Close(listener);
    }

    private void Connect()
    {
        int client = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        _clients.Add(client);
        fixed (sockaddr_in* address = &_address)
        {
            Assert.That(Libc.Connect(client, address, (uint)sizeof(sockaddr_in)), Is.Zero);
        }
    }
}
