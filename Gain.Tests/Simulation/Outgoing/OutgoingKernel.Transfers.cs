using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Tests.Simulation.Outgoing;

internal sealed unsafe partial class OutgoingKernel
{
    private readonly Dictionary<ushort, byte[]> _lent = [];
    private readonly List<ushort> _returned = [];
    private Queue<ushort>? _free;

    public int LentBuffers => _lent.Count;

    private Queue<ushort> Free => _free ??= new Queue<ushort>(
        Enumerable.Range(0, Scenario.Options.Buffers.ReceiveBufferCount).Select(id => (ushort)id));

    public ReadOnlySpan<byte> Received(ushort id, int length)
    {
        world.Require(_lent.ContainsKey(id), "a buffer was read that is the kernel's");
        return _lent[id].AsSpan(0, length);
    }

    public void Recycle(ushort id)
    {
        world.Require(_lent.Remove(id), "a buffer came back twice");
        _returned.Add(id);
    }

    public void EndBatch()
    {
        _returned.ForEach(Free.Enqueue);
        _returned.Clear();
    }

    public void PrepReceive(int descriptor, ulong userData)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        world.Require(socket.Receive is null, $"socket {socket.Id} has two receives in flight");
        socket.Receive = new OutgoingOperation(userData, socket);
        Prepare(socket.Receive);
    }

    public void PrepSend(int descriptor, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        iovec[] all = pieces.ToArray();
        socket.Send = new OutgoingOperation(userData, socket) { Read = () => Gather(all) };
        Prepare(socket.Send);
    }

    public int SendNow(int descriptor, ReadOnlySpan<byte> data)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        if (socket.IsReset)
        {
            return -Errno.EPIPE;
        }

        if (Random.Chance(0.3))
        {
            return -Errno.EAGAIN;
        }

        Hear(socket, data);
        return data.Length;
    }

    public int ShutdownWrite(int descriptor)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        socket.HasSentFin = true;
        world.Trace.Add($"socket {socket.Id}: FIN from the worker");
        if (socket.IsReset)
        {
            return -Errno.ENOTCONN;
        }

        if (Random.Chance(0.85))
        {
            Act(socket, 20_000_000, () => End(socket, isReset: false));
        }

        return 0;
    }

    // A stop asks for every slot, also of dials that have no socket yet.
    public int CountUnread(int descriptor) =>
        descriptor == Slot.NoSocket ? -Errno.EBADF : SocketOf(descriptor).Unread;

    /// <summary>The peer says something.</summary>
    public void Arrive(OutgoingSocket socket, ReadOnlySpan<byte> data)
    {
        if (!socket.HasFin && !socket.IsReset)
        {
            socket.Inbox.AddRange(data);
            world.Trace.Add($"socket {socket.Id}: {data.Length} bytes arrive, of {socket.Inbox.Count}");
            RunReceive(socket);
        }
    }

    /// <summary>The peer ends it, in order or otherwise.</summary>
    public void End(OutgoingSocket socket, bool isReset)
    {
        if (socket.IsReset || (socket.HasFin && !isReset))
        {
            return;
        }

        world.Trace.Add($"socket {socket.Id}: its peer ends it, by a reset {isReset}");
        socket.HasFin |= !isReset;
        socket.IsReset |= isReset;
        socket.Taken = isReset ? socket.Inbox.Count : socket.Taken;
        RunReceive(socket);
        RunHangUp(socket);
    }

    /// <summary>The peer does something some time later, if the socket is still open.</summary>
    public void Act(OutgoingSocket socket, long mostNs, Action what) =>
        world.Events.Plan(world.NowNs + Random.SkewedLong(mostNs / 1_000, mostNs), () =>
        {
            if (!socket.IsClosed)
            {
                what();
            }
        });

    private static byte[] Gather(iovec[] pieces)
    {
        var all = new List<byte>();
        foreach (iovec piece in pieces)
        {
            all.AddRange(new ReadOnlySpan<byte>(piece.iov_base, (int)piece.iov_len));
        }

        return [.. all];
    }

    private void CheckMaySend(OutgoingSocket socket)
    {
        world.Require(socket.Send is null, $"socket {socket.Id} has two sends in flight");
        world.Require(!socket.HasSentFin, $"socket {socket.Id} was written to after FIN");
    }

    private void StartSend(OutgoingOperation send) => Plan(send, 2_000_000, () =>
    {
        if (send.Socket!.IsReset)
        {
            Complete(send, -Errno.EPIPE);
            return;
        }

        byte[] data = send.Read!();
        Hear(send.Socket, data);
        Complete(send, data.Length);
    });

    private void RunReceive(OutgoingSocket socket)
    {
        while (socket.Receive is { IsSubmitted: true, IsOver: false } receive)
        {
            if (socket.Unread != 0)
            {
                Receive(socket, receive);
            }
            else if (socket.HasFin || socket.IsReset)
            {
                Complete(receive, socket.IsReset ? -Errno.ECONNRESET : 0);
            }
            else
            {
                return;
            }
        }
    }

    private void Receive(OutgoingSocket socket, OutgoingOperation receive)
    {
        if (!Free.TryDequeue(out ushort id))
        {
            Complete(receive, -Errno.ENOBUFS);
            return;
        }

        int length = Math.Min(socket.Unread, Scenario.Options.Buffers.ReceiveBufferBytes);
        length = Random.Chance(0.2) ? Random.Between(1, length) : length;
        _lent[id] = [.. socket.Inbox.Slice(socket.Taken, length)];
        socket.Taken += length;
        uint flags = IORING_CQE.IORING_CQE_F_BUFFER | ((uint)id << IORING_CQE.IORING_CQE_BUFFER_SHIFT);
        bool goesOn = !Random.Chance(Scenario.EndedReceives);
        Complete(receive, length, flags | (goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0));
    }

    private void RunHangUp(OutgoingSocket socket)
    {
        if (!socket.HasFin && !socket.IsReset)
        {
            return;
        }

        foreach (OutgoingOperation wait in _inFlight.Values)
        {
            if (wait is { Kind: Operation.HangUp, IsSubmitted: true, IsOver: false } && wait.Socket == socket)
            {
                Complete(wait, socket.IsReset ? Libc.POLLERR | Libc.POLLHUP : Libc.POLLRDHUP);
            }
        }
    }

    // Four bytes are a question, and its answer is the same; what may follow it is the contrary.
    private void Hear(OutgoingSocket socket, ReadOnlySpan<byte> data)
    {
        socket.Outbox.AddRange(data);
        while (socket.Port != 0 && socket.Outbox.Count - socket.Heard >= Errand.QuestionBytes)
        {
            byte[] question = [.. socket.Outbox.Slice(socket.Heard, Errand.QuestionBytes)];
            socket.Heard += Errand.QuestionBytes;
            Act(socket, 5_000_000, () => Answer(socket, question));
        }
    }

    private void Answer(OutgoingSocket socket, byte[] question)
    {
        int fate = Random.Below(100);
        if (fate < 8)
        {
            End(socket, isReset: fate < 3);
            return;
        }

        Arrive(socket, fate < 16 ? [.. question, .. question.Select(one => (byte)~one)] : question);
        if (fate >= 90)
        {
            // Right behind its answer.
            End(socket, isReset: fate >= 97);
        }
        else
        {
            ActIdly(socket);
        }
    }

    // Nobody has asked: an end at any time, and bytes only while it is nobody's.
    private void ActIdly(OutgoingSocket socket)
    {
        if (!Random.Chance(Scenario.EndsIdle))
        {
            return;
        }

        int how = Random.Below(3);
        Act(socket, 100_000_000, () =>
        {
            if (how < 2)
            {
                End(socket, isReset: how == 0);
            }
            else if (socket is { ReturnedMs: >= 0, IsReset: false })
            {
                Arrive(socket, [0xFE, 0, 0, 0]);
            }
        });
    }
}
