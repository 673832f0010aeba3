using System.Globalization;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>What only the epoll ring has: a table of descriptors, and its limits.</summary>
[TestFixture]
internal sealed unsafe class EpollRingTests
{
    [Test]
    public void A_descriptor_beyond_the_table_is_refused_as_if_there_were_none()
    {
        // Descriptors 0 to 2 are taken in every process.
        using var test = new RingUnderTest(NewRing(mostDescriptors: 3));
        (int ours, int peer) = RingUnderTest.TcpPair();
        test.Ring.PrepReceive(ours, 1);
        AssertRefused(test.Next(), 1);
        test.Ring.PrepAccept(ours, 2);
        AssertRefused(test.Next(), 2);

        // A send needs the table only when it has to wait.
        byte* data = stackalloc byte[1];
        test.Ring.PrepSend(ours, data, 1, 3);
        Assert.That(test.Next().Result, Is.EqualTo(1));
        Fill(ours);
        test.Ring.PrepSend(ours, data, 1, 4);
        AssertRefused(test.Next(), 4);
        test.Ring.Close(ours);
        Libc.Close(peer);
    }

    [Test]
    public void A_connection_beyond_the_table_is_closed_and_ends_the_accept()
    {
        int listener = RingUnderTest.Listener(out sockaddr_in address);
        using var test = new RingUnderTest(NewRing(mostDescriptors: listener + 1));
        int client = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        Assert.That(Libc.Connect(client, &address, (uint)sizeof(sockaddr_in)), Is.Zero);
        test.Ring.PrepAccept(listener, 1);
        AssertRefused(test.Next(), 1);
        byte received;
        Assert.That((int)Libc.Recv(client, &received, 1, 0), Is.Zero, "the server has closed it");
        test.Ring.Close(listener);
        Libc.Close(client);
    }

    [Test]
    public void An_outgoing_socket_beyond_the_table_is_refused_and_closed()
    {
        string[] before = OpenSockets.List();
        using var test = new RingUnderTest(NewRing(mostDescriptors: 3));
        var sockets = new OutgoingSockets(new SocketSettings(), new DialOptions());
        Assert.That(
            test.Ring.OpenOutgoing(sockets, SocketAbi.AF_INET), Is.EqualTo(-Errno.EMFILE));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    // As a child does that is being started, until its exec.
    [Test]
    public void What_is_closed_leaves_the_set_also_while_somebody_has_a_copy_of_it()
    {
        int[] before = Descriptors.EpollSets();
        using var test = new RingUnderTest(NewRing(EpollTable.MaxCapacity));
        int set = Descriptors.EpollSets().Except(before).Single();
        (int ours, int peer) = RingUnderTest.TcpPair();
        test.Ring.PrepReceive(ours, 1);
        Assert.That(test.Ready(), Is.Empty);
        Assert.That(Watched(set), Does.Contain(ours));
        int copy = Libc.Duplicate(ours);
        test.Ring.Close(ours);
        Assert.That(Watched(set), Does.Not.Contain(ours));
        Libc.Close(copy);
        Libc.Close(peer);
    }

    [Test]
    public void A_socket_has_eight_receives_in_a_turn_so_that_others_have_theirs()
    {
        const int Most = 8;
        using var test = new RingUnderTest(
            new EpollRing(new RingSettings(64, 512, 64, RingUnderTest.WakeToken), "epoll"));
        (int ours, int peer) = RingUnderTest.TcpPair();
        RingUnderTest.Send(peer, new byte[64 * 3 * Most]);
        test.Ring.PrepReceive(ours, 1);
        test.Ring.Enter(-1);
        Assert.That(TakeBatch(test), Is.EqualTo(Most));
        test.Ring.Close(ours);
        Libc.Close(peer);
    }

    // A stop delivers what has arrived, also where it is more than one call brings.
    [TestCase(0)]
    [TestCase(-1)]
    public void Turn_that_does_not_wait_brings_all_there_is(long timeoutNs)
    {
        const int Count = 300;
        const int MaxEvents = 128;
        using var test = new RingUnderTest(
            new EpollRing(new RingSettings(64, 512, 64, RingUnderTest.WakeToken), "epoll"));
        var pairs = new (int Ours, int Peers)[Count];
        for (int i = 0; i < Count; i++)
        {
            pairs[i] = Descriptors.UnixPair();
            test.Ring.PrepReceive(pairs[i].Ours, (ulong)i + 1);
        }

        Assert.That(test.Ready(), Is.Empty);
        foreach ((int _, int peer) in pairs)
        {
            RingUnderTest.Send(peer, [1]);
        }

        test.Ring.Enter(timeoutNs);
        int taken = TakeBatch(test);
        Assert.That(taken, Is.EqualTo(timeoutNs == 0 ? Count : MaxEvents));
        foreach ((int ours, int peer) in pairs)
        {
            test.Ring.Close(ours);
            Libc.Close(peer);
        }
    }

    [Test]
    public void A_default_value_closes_what_it_is_given_and_nothing_else()
    {
        IRing ring = default(EpollRing);
        int fd = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        ring.Close(fd);
        Assert.That(Libc.Close(fd), Is.EqualTo(-Errno.EBADF));
        ring.Dispose();
        int copy = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        Assert.That(copy, Is.Not.Zero, "standard input is open as before");
        Libc.Close(copy);
    }

    [Test]
    public void An_abandoned_ring_leaves_nothing_behind()
    {
        int before = Directory.GetFiles("/proc/self/fd").Length;
        (int ours, int peer) = RingUnderTest.TcpPair();
        IRing ring = NewRing(EpollTable.MaxCapacity);
        ring.PrepReceive(ours, 1);
        ring.Enter(0);
        ring.Close(ours);
        ring.Abandon();
        ring.Wake();
        Libc.Close(peer);
        Assert.That(Directory.GetFiles("/proc/self/fd"), Has.Length.EqualTo(before));
    }

    // The descriptors that an epoll set watches.
    private static int[] Watched(int set) =>
    [
        .. File.ReadLines($"/proc/self/fdinfo/{set}")
            .Where(line => line.StartsWith("tfd:", StringComparison.Ordinal))
            .Select(line => int.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)),
    ];

    private static int TakeBatch(RingUnderTest test)
    {
        int taken = 0;
        test.Ring.BeginBatch();
        while (test.Ring.TryTake(out CompletionEntry completion))
        {
            test.Take(completion);
            taken++;
        }

        test.Ring.EndBatch();
        return taken;
    }

    private static EpollRing NewRing(int mostDescriptors) =>
        new(new RingSettings(64, 16, 64, RingUnderTest.WakeToken), "epoll", mostDescriptors);

    private static void AssertRefused(CompletionEntry completion, ulong userData)
    {
        Assert.That(completion.UserData, Is.EqualTo(userData));
        Assert.That(completion.Result, Is.EqualTo(-Errno.EMFILE));
        Assert.That(completion.HasMore, Is.False);
    }

    private static void Fill(int fd)
    {
        const int bytes = 1 << 20;
        byte[] data = new byte[bytes];
        fixed (byte* memory = data)
        {
            const int flags = SocketAbi.MSG_DONTWAIT | SocketAbi.MSG_NOSIGNAL;
            while (Libc.Send(fd, memory, bytes, flags) > 0)
            {
                // Until it takes no more.
            }
        }
    }
}
