using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>What every ring promises to a worker, proved on real sockets.</summary>
[TestFixture(GainRing.Uring, 0)]
[TestFixture(GainRing.Uring, 1)]
[TestFixture(GainRing.Uring, 3)]
[TestFixture(GainRing.Epoll, 0)]
internal sealed unsafe class RingContractTests(GainRing kind, int longestRun)
{
    private const ulong Read = 1;
    private const ulong Write = 2;
    private const ulong Cancel = 3;
    private const int MsgOob = 1;

    private readonly List<int> _descriptors = [];

    [TearDown]
    public void CloseDescriptors()
    {
        _descriptors.ForEach(fd => Libc.Close(fd));
        _descriptors.Clear();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_receive_brings_what_comes_until_the_end(bool isTcp)
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp);
        test.Ring.PrepReceive(ours, Read);
        foreach (string text in new[] { "one", "two", "three" })
        {
            RingUnderTest.Send(peer, Bytes(text));
            CompletionEntry completion = test.Next();
            Assert.That(completion.UserData, Is.EqualTo(Read));
            Assert.That(completion.HasMore);
            Assert.That(test.Take(completion), Is.EqualTo(Bytes(text)));
        }

        Libc.Shutdown(peer, SocketAbi.SHUT_WR);
        AssertLast(test.Next(), Read, 0);
        Close(test, ours);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Data_and_the_end_together_arrive_in_this_order(bool isTcp)
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp);
        byte[] sent = Clients.Pattern(200, 1);
        RingUnderTest.Send(peer, sent);
        Libc.Shutdown(peer, SocketAbi.SHUT_WR);
        test.Ring.PrepReceive(ours, Read);
        Assert.That(Collect(test, sent.Length), Is.EqualTo(sent));
        AssertLast(test.Next(), Read, 0);
        Close(test, ours);
    }

    [Test]
    public void A_reset_is_the_last_completion()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        test.Ring.PrepReceive(ours, Read);
        test.Turn(0);
        test.Ring.ResetOnClose(peer);
        _descriptors.Remove(peer);
        Libc.Close(peer);
        AssertLast(test.Next(), Read, -Errno.ECONNRESET);
        Close(test, ours);
    }

    // Both arrive between two turns. The reset is not told by itself where the kernel takes one wake-up for
    // both: a receive that is armed anew finds it.
    [Test]
    public void A_receive_that_is_armed_anew_finds_the_reset_behind_the_data()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        test.Ring.PrepReceive(ours, Read);
        test.Turn(0);
        RingUnderTest.Send(peer, Bytes("x"));
        test.Ring.ResetOnClose(peer);
        _descriptors.Remove(peer);
        Libc.Close(peer);
        CompletionEntry first = test.Next();
        Assert.That(test.Take(first), Is.EqualTo(Bytes("x")));
        CompletionEntry[] later = test.Ready();
        TestContext.Out.WriteLine($"told without being asked: {later.Length}");
        if (later.Length == 0 && first.HasMore)
        {
            test.Ring.PrepCancel(Read, Cancel);
            CompletionEntry[] ended = [test.Next(), test.Next()];
            AssertLast(ended.Single(entry => entry.UserData == Read), Read, -Errno.ECANCELED);
            test.Ring.PrepReceive(ours, Read);
            later = [test.Next()];
        }

        AssertLast(later[0], Read, -Errno.ECONNRESET);
        Close(test, ours);
    }

    [Test]
    public void A_wake_is_seen_after_the_poll_for_it_has_ended()
    {
        if (kind == GainRing.Epoll)
        {
            Assert.Ignore("An epoll set has no poll that could end.");
        }

        using var test = new RingUnderTest(kind, longestRun: longestRun);
        for (int round = 0; round < 3; round++)
        {
            test.Ring.PrepCancel(RingUnderTest.WakeToken, Cancel);
            CompletionEntry[] ended = [test.Next(), test.Next()];
            test.Ring.HandleWake(ended.Single(entry => entry.UserData == RingUnderTest.WakeToken));
            test.Ring.Wake();
            CompletionEntry woken = test.Next();
            Assert.That(woken.UserData, Is.EqualTo(RingUnderTest.WakeToken));
            Assert.That(woken.Result, Is.Positive);
            test.Ring.HandleWake(woken);
        }
    }

    // A full submission queue has the kernel take what is there in the middle of a turn, and receives go on
    // with that: their completions are seen by the next batch.
    [Test]
    public void What_was_taken_in_the_middle_of_a_turn_is_counted_until_it_is_handed_out()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        byte[] sent = Clients.Pattern(100, 1);
        RingUnderTest.Send(peer, sent);
        test.Ring.PrepReceive(ours, Read);
        for (int i = 0; i < RingUnderTest.Entries; i++)
        {
            test.Ring.PrepCancel(Write, Cancel);
        }

        long arrived = Math.Max(0, test.Ring.CountUnread(ours)) + test.Ring.CountHeldBack(Read);
        Assert.That(arrived, Is.EqualTo(sent.Length));
        var received = new List<byte>();
        int cancelled = 0;
        while (received.Count < sent.Length || cancelled < RingUnderTest.Entries)
        {
            CompletionEntry next = test.Next();
            cancelled += next.UserData == Cancel ? 1 : 0;
            received.AddRange(next.UserData == Read ? test.Take(next) : []);
        }

        Assert.That(received, Is.EqualTo(sent));
        Assert.That(test.Ring.CountHeldBack(Read), Is.Zero);
        Libc.Shutdown(peer, SocketAbi.SHUT_WR);
        AssertLast(test.Next(), Read, 0);
        Close(test, ours);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void An_empty_pool_ends_the_receive_and_loses_nothing(bool isTcp)
    {
        using var test = new RingUnderTest(kind, bufferCount: 2, bufferBytes: 64, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp);
        byte[] sent = Clients.Pattern(1_000, 2);
        RingUnderTest.Send(peer, sent);
        var received = new List<byte>();
        int starved = 0;
        test.Ring.PrepReceive(ours, Read);
        var lent = new List<CompletionEntry>();
        while (received.Count < sent.Length)
        {
            CompletionEntry completion = test.Next();
            if (completion.Result > 0)
            {
                lent.Add(completion);
                Assert.That(lent, Has.Count.LessThanOrEqualTo(2), "more buffers than there are");
                received.AddRange(test.Ring.Received(completion.BufferId, completion.Result));
            }

            if (completion.HasMore)
            {
                continue;
            }

            // Only now do the buffers go back, so that the next receive finds some.
            starved += completion.Result == -Errno.ENOBUFS ? 1 : 0;
            lent.ForEach(l => test.Ring.Recycle(l.BufferId));
            test.PublishBuffers();
            lent.Clear();
            test.Ring.PrepReceive(ours, Read);
        }

        Assert.That(received, Is.EqualTo(sent));
        Assert.That(starved, Is.Positive);
        lent.ForEach(l => test.Ring.Recycle(l.BufferId));
        test.PublishBuffers();
        CancelAndAwait(test, Read);
        Close(test, ours);
        Assert.That(test.Ring.CountLentBuffers(), Is.Zero);
    }

    [Test]
    public void Urgent_data_does_not_hide_what_follows()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        test.Ring.PrepReceive(ours, Read);
        var expected = new List<byte>();
        for (int i = 0; i < 20; i++)
        {
            RingUnderTest.Send(peer, Bytes("before"));
            RingUnderTest.Send(peer, Bytes("!"), MsgOob);
            RingUnderTest.Send(peer, Bytes("after"));
            expected.AddRange(Bytes("beforeafter"));

            // A receive stops at the mark, and a later one goes on behind it.
            Assert.That(Collect(test, "beforeafter".Length), Is.EqualTo(Bytes("beforeafter")));
        }

        CancelAndAwait(test, Read);
        Close(test, ours);
    }

    [TestCase(true, 1)]
    [TestCase(true, 5)]
    [TestCase(false, 1)]
    [TestCase(false, 5)]
    public void A_send_completes_when_all_of_it_is_out(bool isTcp, int pieces)
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp);
        byte[] data = Clients.Pattern(8 << 20, 3);
        using var memory = new NativeCopy(data);
        PrepSend(test, ours, memory, pieces);
        Assert.That(test.Ready().Where(c => c.UserData == Write), Is.Empty, "more than a socket holds");

        // The peer reads on a thread of its own, as the ring's thread waits.
        Task<byte[]> reading = Task.Run(() => RingUnderTest.Receive(peer, data.Length));
        AssertLast(test.Next(), Write, data.Length);
        Assert.That(reading.WaitAsync(Clients.Patience).GetAwaiter().GetResult(), Is.EqualTo(data));
        Close(test, ours);
    }

    [TestCase(1)]
    [TestCase(5)]
    public void A_cancelled_send_tells_how_much_went_out(int pieces)
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        byte[] data = Clients.Pattern(16 << 20, 4);
        using var memory = new NativeCopy(data);
        PrepSend(test, ours, memory, pieces);
        test.Turn(0);
        test.Ring.PrepCancel(Write, Cancel);
        CompletionEntry[] both = [test.Next(), test.Next()];
        CompletionEntry sent = both.Single(c => c.UserData == Write);
        Assert.That(sent.Result, Is.Positive.And.LessThan(data.Length));
        Assert.That(sent.HasMore, Is.False);
        AssertLast(both.Single(c => c.UserData == Cancel), Cancel, 0);
        Libc.Shutdown(ours, SocketAbi.SHUT_WR);
        Assert.That(RingUnderTest.Receive(peer, sent.Result), Is.EqualTo(data[..sent.Result]));
        Close(test, ours);
    }

    [Test]
    public void A_send_to_a_peer_that_is_gone_fails()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        byte[] data = Clients.Pattern(16 << 20, 5);
        using var memory = new NativeCopy(data);
        PrepSend(test, ours, memory, pieces: 1);
        test.Turn(0);
        test.Ring.ResetOnClose(peer);
        _descriptors.Remove(peer);
        Libc.Close(peer);
        CompletionEntry first = test.Next();
        Assert.That(first.Result, Is.LessThan(data.Length));
        PrepSend(test, ours, memory, pieces: 1);
        Assert.That(test.Next().Result, Is.AnyOf(-Errno.EPIPE, -Errno.ECONNRESET));
        Close(test, ours);
    }

    [Test]
    public void A_cancelled_receive_ends_and_can_be_armed_again()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        for (int i = 0; i < 3; i++)
        {
            test.Ring.PrepReceive(ours, Read);
            test.Turn(0);
            CancelAndAwait(test, Read);
        }

        // What comes while nothing is armed waits.
        RingUnderTest.Send(peer, Bytes("kept"));
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepReceive(ours, Read);
        Assert.That(Collect(test, 4), Is.EqualTo(Bytes("kept")));
        CancelAndAwait(test, Read);
        Close(test, ours);
    }

    [Test]
    public void Cancelling_nothing_says_so()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        test.Ring.PrepCancel(Read, Cancel);
        AssertLast(test.Next(), Cancel, -Errno.ENOENT);
    }

    [Test]
    public void An_accept_brings_everyone_until_it_is_cancelled()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        int listener = Keep(RingUnderTest.Listener(out sockaddr_in address));
        test.Ring.PrepAccept(listener, Read);
        const int Count = 100;
        for (int i = 0; i < Count; i++)
        {
            Connect(address);
        }

        for (int i = 0; i < Count; i++)
        {
            CompletionEntry accepted = test.Next();
            Assert.That(accepted.Result, Is.Positive);
            Assert.That(accepted.HasMore);
            test.Ring.Close(accepted.Result);
        }

        CancelAndAwait(test, Read);

        // Who comes meanwhile waits for the next accept.
        Connect(address);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepAccept(listener, Read);
        test.Ring.Close(test.Next().Result);
        CancelAndAwait(test, Read);
    }

    [Test]
    public void A_wake_ends_a_wait_each_time()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        for (int i = 0; i < 3; i++)
        {
            Task waking = Task.Run(test.Ring.Wake);
            CompletionEntry woken = test.Next();
            Assert.That(woken.UserData, Is.EqualTo(RingUnderTest.WakeToken));
            test.Ring.HandleWake(woken);
            waking.WaitAsync(Clients.Patience).GetAwaiter().GetResult();
            Assert.That(test.Ready(), Is.Empty, "one signal, one completion");
        }
    }

    [Test]
    public void A_wait_ends_at_its_time()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        long begin = test.Ring.NowMs;
        test.Turn(30_000_000);
        Assert.That(test.Ready(), Is.Empty);
        Assert.That(test.Ring.NowMs - begin, Is.GreaterThanOrEqualTo(29));
    }

    [Test]
    public void A_new_socket_gets_nothing_of_the_one_before_with_its_number()
    {
        using var test = new RingUnderTest(kind, longestRun: longestRun);
        (int ours, int peer) = Pair(isTcp: true);
        test.Ring.PrepReceive(ours, Read);
        test.Turn(0);
        CancelAndAwait(test, Read);

        // A copy keeps the old socket open behind the number's back, as a child process does.
        int copy = Keep(Duplicate(ours));
        Close(test, ours);
        int number = Keep(Duplicate(Keep(Pair(isTcp: true).Ours)));
        Assume.That(number, Is.EqualTo(ours), "the kernel gives the lowest number");
        test.Ring.PrepReceive(number, Write);
        RingUnderTest.Send(peer, Bytes("late"));
        Assert.That(RingUnderTest.Receive(copy, 4), Is.EqualTo(Bytes("late")));
        Assert.That(test.Ready(), Is.Empty);
        CancelAndAwait(test, Write);
    }

    [Test]
    public void One_connection_does_not_fill_a_turn()
    {
        using var test = new RingUnderTest(kind, bufferCount: 1_024, longestRun: longestRun);
        (int flooder, int floodingPeer) = Pair(isTcp: false);
        (int other, int otherPeer) = Pair(isTcp: false);
        test.Ring.PrepReceive(flooder, Read);
        test.Ring.PrepReceive(other, Write);
        RingUnderTest.Send(floodingPeer, new byte[64 * 500]);
        RingUnderTest.Send(otherPeer, Bytes("me too"));
        int before = 0;
        for (CompletionEntry next = test.Next(); next.UserData != Write; next = test.Next())
        {
            test.Take(next);
            before++;
        }

        // io_uring takes 32 of a connection before it goes on, or the ring sees to it; the epoll ring fewer.
        Assert.That(before, Is.LessThanOrEqualTo(longestRun == 0 ? 64 : longestRun));
        CancelAndDrain(test, Read);
        CancelAndDrain(test, Write);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int fd);

    private static void PrepSend(RingUnderTest test, int fd, NativeCopy memory, int pieces)
    {
        if (pieces == 1)
        {
            test.Ring.PrepSend(fd, memory.Address, memory.Length, Write);
            return;
        }

        // Of odd lengths, so that what goes out ends within one.
        var list = new iovec[pieces];
        int length = memory.Length / pieces;
        for (int i = 0; i < pieces; i++)
        {
            list[i].iov_base = memory.Address + (i * length);
            list[i].iov_len = (nuint)(i == pieces - 1 ? memory.Length - (i * length) : length);
        }

        test.Ring.PrepSendGather(fd, list, Write);
    }

    private static byte[] Collect(RingUnderTest test, int count)
    {
        var received = new List<byte>();
        while (received.Count < count)
        {
            received.AddRange(test.Take(test.Next()));
        }

        return [.. received];
    }

    private static void CancelAndAwait(RingUnderTest test, ulong target)
    {
        test.Ring.PrepCancel(target, Cancel);
        CompletionEntry[] both = [test.Next(), test.Next()];
        AssertLast(both.Single(c => c.UserData == target), target, -Errno.ECANCELED);
        AssertLast(both.Single(c => c.UserData == Cancel), Cancel, 0);
    }

    // What came before is dropped.
    private static void CancelAndDrain(RingUnderTest test, ulong target)
    {
        test.Ring.PrepCancel(target, Cancel);
        for (int ends = 0; ends < 2;)
        {
            CompletionEntry completion = test.Next();
            ends += completion.HasMore ? 0 : 1;
            if (completion.HasBuffer)
            {
                test.Ring.Recycle(completion.BufferId);
            }
        }
    }

    private static void AssertLast(CompletionEntry completion, ulong userData, int result)
    {
        Assert.That(completion.UserData, Is.EqualTo(userData));
        Assert.That(completion.Result, Is.EqualTo(result), Errno.Name(-completion.Result));
        Assert.That(completion.HasMore, Is.False);
    }

    private void Connect(sockaddr_in address)
    {
        int fd = Keep(Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0));
        Assert.That(Libc.Connect(fd, &address, (uint)sizeof(sockaddr_in)), Is.Zero);
    }

    private (int Ours, int Peer) Pair(bool isTcp)
    {
        (int ours, int peer) = isTcp ? RingUnderTest.TcpPair() : Descriptors.UnixPair();
        return (Keep(ours), Keep(peer));
    }

    private int Keep(int fd)
    {
        Assert.That(fd, Is.Positive);
        _descriptors.Add(fd);
        return fd;
    }

    private void Close(RingUnderTest test, int fd)
    {
        _descriptors.Remove(fd);
        test.Ring.Close(fd);
    }

    private sealed class NativeCopy : IDisposable
    {
        private readonly GCHandle _pin;

        public NativeCopy(byte[] data)
        {
            _pin = GCHandle.Alloc(data, GCHandleType.Pinned);
            Length = data.Length;
        }

        public byte* Address => (byte*)_pin.AddrOfPinnedObject();

        public int Length { get; }

        public void Dispose() => _pin.Free();
    }
}
