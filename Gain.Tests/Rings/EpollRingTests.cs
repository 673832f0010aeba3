using Gain.Kernel;
using Gain.Rings;
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
        int taken = 0;
        test.Ring.BeginBatch();
        while (test.Ring.TryTake(out CompletionEntry completion))
        {
            test.Take(completion);
            taken++;
        }

        test.Ring.EndBatch();
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
