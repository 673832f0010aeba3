using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>Pipes and the waits around them, on each ring of the kernel's.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public sealed class SpliceContractTests(GainRing kind)
{
    private const ulong Wait = 1;
    private const ulong Cancel = 2;
    private const ulong Receive = 3;
    private const int PipeBytes = 256 << 10;

    [Test]
    public void Bytes_go_from_socket_to_socket_in_order_and_nothing_waits()
    {
        using var test = new RingUnderTest(kind);
        (int from, int writer) = RingUnderTest.TcpPair();
        (int to, int reader) = RingUnderTest.TcpPair();
        Assert.That(test.Ring.PrepareSplice(from) | test.Ring.PrepareSplice(to), Is.Zero);
        Assert.That(test.Ring.OpenPipe(PipeBytes, out SplicePipe pipe), Is.Zero);
        Assert.That(test.Ring.SpliceIn(from, pipe, PipeBytes), Is.EqualTo(-Errno.EAGAIN));
        test.Ring.PrepAwaitInput(from, Wait);
        Assert.That(test.Ready(), Is.Empty);
        RingUnderTest.Send(writer, "0123456789"u8);
        AssertWaited(test.Next());
        Assert.That(test.Ring.SpliceIn(from, pipe, 7), Is.EqualTo(7));
        Assert.That(test.Ring.SpliceOut(pipe, to, 4), Is.EqualTo(4));
        Span<byte> rest = stackalloc byte[10];
        Assert.That(test.Ring.ReadPipe(pipe, rest[..3]), Is.EqualTo(3));
        Assert.That(rest[..3].ToArray(), Is.EqualTo("456"u8.ToArray()));
        Assert.That(RingUnderTest.Receive(reader, 4), Is.EqualTo("0123"u8.ToArray()));

        // What is left is told of again, and then by a receive: its socket does not wait, and the ring does.
        test.Ring.PrepAwaitInput(from, Wait);
        AssertWaited(test.Next());
        test.Ring.PrepReceive(from, Receive);
        Assert.That(test.Take(test.Next()), Is.EqualTo("789"u8.ToArray()));
        Assert.That(test.Ready(), Is.Empty);
        RingUnderTest.Send(writer, "more"u8);
        Assert.That(test.Take(test.Next()), Is.EqualTo("more"u8.ToArray()));
        test.Ring.PrepCancel(Receive, Cancel);
        ulong[] ended = [test.Next().UserData, test.Next().UserData];
        Assert.That(ended, Is.EquivalentTo(new[] { Receive, Cancel }));
        Close(test, pipe, from, writer, to, reader);
    }

    [Test]
    public void End_and_reset_of_a_peer_end_the_wait_and_are_told_by_the_next_move()
    {
        using var test = new RingUnderTest(kind);
        (int ended, int peer) = RingUnderTest.TcpPair();
        (int reset, int other) = RingUnderTest.TcpPair();
        Assert.That(test.Ring.PrepareSplice(ended) | test.Ring.PrepareSplice(reset), Is.Zero);
        Assert.That(test.Ring.OpenPipe(PipeBytes, out SplicePipe pipe), Is.Zero);
        test.Ring.PrepAwaitInput(ended, Wait);
        Assert.That(test.Ready(), Is.Empty);
        Libc.Shutdown(peer, SocketAbi.SHUT_WR);
        AssertWaited(test.Next());
        Assert.That(test.Ring.SpliceIn(ended, pipe, PipeBytes), Is.Zero);

        test.Ring.PrepAwaitInput(reset, Wait);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.ResetOnClose(other);
        Libc.Close(other);
        AssertWaited(test.Next());
        Assert.That(test.Ring.SpliceIn(reset, pipe, PipeBytes), Is.EqualTo(-Errno.ECONNRESET));
        Libc.Close(peer);
        Close(test, pipe, ended, reset);
    }

    [Test]
    public void Socket_that_takes_no_more_is_waited_for_and_told_once()
    {
        using var test = new RingUnderTest(kind);
        (int from, int writer) = RingUnderTest.TcpPair();
        (int to, int reader) = RingUnderTest.TcpPair();
        Assert.That(test.Ring.PrepareSplice(from) | test.Ring.PrepareSplice(to), Is.Zero);
        Assert.That(test.Ring.OpenPipe(PipeBytes, out SplicePipe pipe), Is.Zero);
        byte[] piece = new byte[32 << 10];
        long moved = 0;
        int held = 0;
        while (held == 0)
        {
            RingUnderTest.Send(writer, piece);
            for (int left = piece.Length; left != 0;)
            {
                int into = test.Ring.SpliceIn(from, pipe, left);
                if (into == -Errno.EAGAIN)
                {
                    test.Ring.PrepAwaitInput(from, Wait);
                    AssertWaited(test.Next());
                    continue;
                }

                left -= into;
                held += into;
            }

            for (int sent = 1; held != 0 && sent > 0; held -= Math.Max(0, sent), moved += Math.Max(0, sent))
            {
                sent = test.Ring.SpliceOut(pipe, to, held);
                Assert.That(sent, Is.Positive.Or.EqualTo(-Errno.EAGAIN));
            }
        }

        test.Ring.PrepAwaitRoom(to, Wait);
        Assert.That(test.Ready(), Is.Empty);
        RingUnderTest.Receive(reader, (int)moved);
        AssertWaited(test.Next());
        while (held != 0)
        {
            held -= test.Ring.SpliceOut(pipe, to, held);
        }

        Close(test, pipe, from, writer, to, reader);
    }

    [Test]
    public void Cancelled_wait_ends_once_and_both_say_so()
    {
        using var test = new RingUnderTest(kind);
        (int ours, int peer) = RingUnderTest.TcpPair();
        test.Ring.PrepAwaitInput(ours, Wait);
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.PrepCancel(Wait, Cancel);
        CompletionEntry[] ended = [test.Next(), test.Next()];
        Array.Sort(ended, (one, other) => one.UserData.CompareTo(other.UserData));
        Assert.That((ended[0].UserData, ended[0].Result), Is.EqualTo((Wait, -Errno.ECANCELED)));
        Assert.That((ended[1].UserData, ended[1].Result), Is.EqualTo((Cancel, 0)));
        RingUnderTest.Send(peer, "x"u8);
        Assert.That(test.Ready(), Is.Empty);
        Libc.Close(peer);
        test.Ring.Close(ours);
    }

    private static void AssertWaited(CompletionEntry completion)
    {
        Assert.That(completion.UserData, Is.EqualTo(Wait));
        Assert.That(completion.Result, Is.Positive);
        Assert.That(completion.HasMore || completion.HasBuffer, Is.False);
    }

    private static void Close(RingUnderTest test, SplicePipe pipe, params int[] sockets)
    {
        Assert.That(test.Ready(), Is.Empty);
        test.Ring.Close(pipe.Read);
        test.Ring.Close(pipe.Write);
        Array.ForEach(sockets, socket => test.Ring.Close(socket));
    }
}
