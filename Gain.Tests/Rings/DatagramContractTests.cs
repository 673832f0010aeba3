using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>What every ring promises of datagrams, proved on real sockets.</summary>
[TestFixture(GainRing.Uring, 0)]
[TestFixture(GainRing.Uring, 1)]
[TestFixture(GainRing.Uring, 3)]
[TestFixture(GainRing.Epoll, 0)]
internal sealed unsafe class DatagramContractTests(GainRing kind, int longestRun)
{
    private const ulong Read = 1;
    private const ulong Room = 2;
    private const ulong Cancel = 3;

    private readonly List<int> _descriptors = [];

    [TearDown]
    public void CloseDescriptors()
    {
        _descriptors.ForEach(fd => Libc.Close(fd));
        _descriptors.Clear();
    }

    [Test]
    public void Each_datagram_is_a_completion_with_a_head_and_its_bytes()
    {
        using var test = new RingUnderTest(kind, datagramBufferCount: 8, longestRun: longestRun);
        (int ours, int peer) = Pair();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        foreach (int length in new[] { 1, 100, 1_000 })
        {
            byte[] sent = Clients.Pattern(length, length);
            RingUnderTest.Send(peer, sent);
            Assert.That(Take(test, test.Next(), out DatagramHead head), Is.EqualTo(sent));
            Assert.That(head.IsTruncated, Is.False);
            Assert.That(head.Out.controllen, Is.Zero);
        }

        CancelReceive(test);
        Assert.That(test.Ring.CountLentBuffers(), Is.Zero);
    }

    [Test]
    public void One_of_no_bytes_is_a_datagram()
    {
        using var test = new RingUnderTest(kind, datagramBufferCount: 8, longestRun: longestRun);
        (int ours, int peer) = Pair();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        RingUnderTest.Send(peer, default);
        CompletionEntry completion = test.Next();
        bool goesOn = completion.HasMore;
        Assert.That(Take(test, completion, out _), Is.Empty);
        if (!goesOn)
        {
            test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        }

        RingUnderTest.Send(peer, [7]);
        Assert.That(Take(test, test.Next(), out _), Is.EqualTo(new byte[] { 7 }));
        CancelReceive(test);
    }

    [Test]
    public void What_does_not_fit_is_cut_off_and_flagged()
    {
        using var test = new RingUnderTest(kind, datagramBufferCount: 8, longestRun: longestRun);
        (int ours, int peer) = Pair();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        byte[] sent = Clients.Pattern(RingUnderTest.DatagramBytes + 1, 1);
        RingUnderTest.Send(peer, sent);
        Assert.That(Take(test, test.Next(), out DatagramHead head), Is.EqualTo(sent[..^1]));
        Assert.That(head.IsTruncated);
        CancelReceive(test);
    }

    [Test]
    public void Without_buffers_it_ends_and_goes_on_when_they_are_back()
    {
        const int buffers = 4;
        using var test = new RingUnderTest(kind, datagramBufferCount: buffers, longestRun: longestRun);
        (int ours, int peer) = Pair();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        for (byte i = 0; i < buffers + 2; i++)
        {
            RingUnderTest.Send(peer, [i]);
        }

        CompletionEntry[] taken = [test.Next(), test.Next(), test.Next(), test.Next()];
        CompletionEntry last = test.Next();
        Assert.That(last.Result, Is.EqualTo(-Errno.ENOBUFS));
        Assert.That(last.HasMore, Is.False);
        for (byte i = 0; i < buffers; i++)
        {
            Assert.That(Take(test, taken[i], out _), Is.EqualTo(new[] { i }));
        }

        // Buffers are left over this time, so that the receive goes on.
        test.PublishBuffers();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        Assert.That(Take(test, test.Next(), out _), Is.EqualTo(new byte[] { buffers }));
        Assert.That(Take(test, test.Next(), out _), Is.EqualTo(new byte[] { buffers + 1 }));
        CancelReceive(test);
    }

    [Test]
    public void Descriptors_that_a_peer_passes_are_not_taken()
    {
        using var test = new RingUnderTest(kind, datagramBufferCount: 8, longestRun: longestRun);
        (int ours, int peer) = Pair();
        test.Ring.PrepReceiveDatagrams(ours, isUnix: true, Read);
        int before = Directory.GetFiles("/proc/self/fd").Length;
        SendWithDescriptor(peer, ours);
        Assert.That(Take(test, test.Next(), out _), Is.EqualTo(new byte[] { 1 }));
        Assert.That(Directory.GetFiles("/proc/self/fd"), Has.Length.EqualTo(before));
        CancelReceive(test);
    }

    [Test]
    public void Room_is_told_of_once_and_only_when_there_is_some()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair();
        byte[] data = new byte[1_000];
        while (SendNow(test, ours, data) == 1)
        {
            // Until the peer's queue is full.
        }

        Assert.That(SendNow(test, ours, data), Is.EqualTo(-Errno.EAGAIN));
        test.Ring.PrepAwaitRoom(ours, Room);
        Assert.That(test.Ready(), Is.Empty);
        byte[] buffer = new byte[2_000];
        fixed (byte* bytes = buffer)
        {
            while (Libc.Recv(peer, bytes, (nuint)buffer.Length, SocketAbi.MSG_DONTWAIT) > 0)
            {
                // Until it is empty.
            }
        }

        CompletionEntry completion = test.Next();
        Assert.That(completion.UserData, Is.EqualTo(Room));
        Assert.That(completion.Result, Is.Positive);
        Assert.That(completion.HasMore, Is.False);
        Assert.That(SendNow(test, ours, data), Is.EqualTo(1));
        Assert.That(test.Ready(), Is.Empty);
        Close(test, ours);
    }

    [Test]
    public void A_wait_for_room_can_be_cancelled()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, _) = Pair();
        byte[] data = new byte[1_000];
        while (SendNow(test, ours, data) == 1)
        {
            // Until the peer's queue is full.
        }

        test.Ring.PrepAwaitRoom(ours, Room);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepCancel(Room, Cancel);
        CompletionEntry[] ends = [test.Next(), test.Next()];
        Assert.That(
            ends.Select(end => (end.UserData, end.Result)),
            Is.EquivalentTo([(Room, -Errno.ECANCELED), (Cancel, 0)]));
        Close(test, ours);
    }

    // Connected, so that a full peer is something that can be waited for.
    private (int Ours, int Peer) Pair()
    {
        int* pair = stackalloc int[2];
        const int type = SocketAbi.SOCK_DGRAM | SocketAbi.SOCK_CLOEXEC;
        Assert.That(Libc.SocketPair(SocketAbi.AF_UNIX, type, 0, pair), Is.Zero);
        _descriptors.Add(pair[0]);
        _descriptors.Add(pair[1]);
        return (pair[0], pair[1]);
    }

    private static byte[] Take(RingUnderTest test, CompletionEntry completion, out DatagramHead head)
    {
        Assert.That(completion.UserData, Is.EqualTo(Read));
        Assert.That(completion.Result, Is.GreaterThanOrEqualTo(DatagramHead.Bytes));
        Assert.That(completion.HasBuffer);
        Span<byte> buffer = test.Ring.ReceivedDatagram(completion.BufferId, completion.Result);
        head = MemoryMarshal.Read<DatagramHead>(buffer);
        byte[] data = buffer[DatagramHead.Bytes..].ToArray();
        test.Ring.RecycleDatagram(completion.BufferId);
        return data;
    }

    private static void CancelReceive(RingUnderTest test)
    {
        test.Ring.PrepCancel(Read, Cancel);
        CompletionEntry[] ends = [test.Next(), test.Next()];
        Assert.That(
            ends.Select(end => (end.UserData, end.Result)),
            Is.EquivalentTo([(Read, -Errno.ECANCELED), (Cancel, 0)]));
    }

    private static int SendNow(RingUnderTest test, int fd, byte[] data)
    {
        fixed (byte* bytes = data)
        {
            var piece = new iovec { iov_base = bytes, iov_len = (nuint)data.Length };
            mmsghdr message = default;
            message.msg_hdr.msg_iov = &piece;
            message.msg_hdr.msg_iovlen = 1;
            return test.Ring.SendDatagrams(fd, &message, 1);
        }
    }

    private static void SendWithDescriptor(int fd, int passed)
    {
        const int rights = 1;
        byte data = 1;
        var piece = new iovec { iov_base = &data, iov_len = 1 };
        ulong* control = stackalloc ulong[3];
        var head = (cmsghdr*)control;
        head->cmsg_len = (nuint)(sizeof(cmsghdr) + sizeof(int));
        head->cmsg_level = SocketAbi.SOL_SOCKET;
        head->cmsg_type = rights;
        *(int*)(head + 1) = passed;
        msghdr message = default;
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = 3 * sizeof(ulong);
        Assert.That((int)Libc.SendMsg(fd, &message, 0), Is.EqualTo(1));
    }

    private void Close(RingUnderTest test, int fd)
    {
        test.Ring.Close(fd);
        _descriptors.Remove(fd);
    }
}
