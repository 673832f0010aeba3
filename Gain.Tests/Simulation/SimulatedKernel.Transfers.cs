using Gain.CompilerServices;
using Gain.Kernel;

namespace Gain.Tests.Simulation;

internal sealed partial class SimulatedKernel
{
    private static readonly int[] s_receiveRetries = [Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED];

    private static readonly int[] s_receiveErrors =
    [
        Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.EPIPE, Errno.ECONNABORTED, Errno.EHOSTUNREACH,
        Errno.ENETUNREACH, Errno.ENOMEM, Errno.ECONNREFUSED, Errno.ENOTCONN, Errno.EIO,
    ];

    private static readonly int[] s_sendRetries = [Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED];

    private static readonly int[] s_sendErrors =
    [
        Errno.EPIPE, Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.ECONNABORTED, Errno.ENOTCONN,
        Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.ENOBUFS, Errno.ENOMEM, Errno.EMSGSIZE, Errno.EIO,
    ];

    // Those after which the socket is as good as ever.
    private static readonly int[] s_passingErrors = [Errno.ENOBUFS, Errno.ENOMEM, Errno.EMSGSIZE, Errno.EIO];

    /// <summary>The socket's receive may have something to do.</summary>
    public void RunReceive(SimulatedSocket socket)
    {
        while (socket.Receive is { IsSubmitted: true, IsOver: false } receive)
        {
            if (socket.Unread == 0 && !socket.HasFinArrived && !socket.IsBroken)
            {
                return;
            }

            if (receive.Kind == Operation.SpliceInput)
            {
                Complete(receive, Libc.POLLIN);
            }
            else if (Buffers.IsEmpty)
            {
                Complete(receive, -Errno.ENOBUFS);
            }
            else if (Random.Chance(Faults.ReceiveRetry))
            {
                Complete(receive, -Random.Pick<int>(s_receiveRetries));
            }
            else if (socket.Unread != 0)
            {
                Receive(socket, receive);
            }
            else
            {
                EndReceive(socket, receive);
            }
        }
    }

    /// <summary>The socket's send may have something to do.</summary>
    public void RunSend(SimulatedSocket socket)
    {
        while (socket.Send is { IsSubmitted: true, IsOver: false, IsPausing: false } send)
        {
            if (send.Kind == Operation.SpliceRoom)
            {
                RunRoom(socket, send);
                return;
            }

            if (socket.IsBroken)
            {
                Complete(send, send.Done > 0 ? send.Done : -TakeSendError(socket));
                return;
            }

            if (socket.Room <= 0)
            {
                return;
            }

            Transmit(socket, send);
        }
    }

    /// <summary>The socket's wait for its end may be over.</summary>
    public void RunHangUp(SimulatedSocket socket)
    {
        if (socket.HangUp is not { IsSubmitted: true, IsOver: false } hangUp)
        {
            return;
        }

        if (socket.IsBroken)
        {
            Complete(hangUp, Libc.POLLERR | Libc.POLLHUP);
        }
        else if (socket.HasFinArrived && Random.Chance(Faults.EndReceive))
        {
            Complete(hangUp, Libc.POLLRDHUP);
        }
    }

    /// <summary>The connection was reset or timed out.</summary>
    public void Break(SimulatedSocket socket, int error)
    {
        if (socket.IsBroken || socket.IsClosed)
        {
            return;
        }

        Trace.Add($"peer {socket.Peer.Id}: breaks the connection, errno {error}");
        socket.IsBroken = true;
        socket.PendingError = error;
        if (Random.Chance(0.5))
        {
            socket.Arrived = socket.Taken;
        }

        if (Random.Chance(0.5))
        {
            RunSend(socket);
        }

        RunReceive(socket);
        RunSend(socket);
        RunHangUp(socket);
    }

    public int SendNow(int descriptor, ReadOnlySpan<byte> bytes)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        if (socket.IsBroken)
        {
            return NoteSent(socket, -TakeSendError(socket));
        }

        if (Random.Chance(Faults.SendError))
        {
            return NoteSent(socket, -FailSend(socket));
        }

        int fits = Math.Min(bytes.Length, socket.Room);
        if (Random.Chance(Faults.ShortSendNow))
        {
            fits = Random.Between(0, Math.Max(0, fits));
        }

        if (fits <= 0)
        {
            return NoteSent(socket, -(Random.Chance(Faults.SendRetry) ? Errno.EINTR : Errno.EAGAIN));
        }

        socket.Peer.Accept(bytes[..fits]);
        return NoteSent(socket, fits);
    }

    private int NoteSent(SimulatedSocket socket, int result)
    {
        Trace.Add($"  send(2) {socket.Peer.Id}: {result}");
        if (socket.WasServed)
        {
            socket.Served.NoteSend(result);
        }

        return result;
    }

    private void StartReceive(SimulatedOperation receive)
    {
        if (Buffers.IsEmpty)
        {
            // Also when there is nothing to read.
            Complete(receive, -Errno.ENOBUFS);
            return;
        }

        RunReceive(receive.Socket!);
    }

    private void Receive(SimulatedSocket socket, SimulatedOperation receive)
    {
        int length = Math.Min(socket.Unread, Buffers.Bytes);
        if (Random.Chance(Faults.CutReceive))
        {
            length = Random.Skewed(1, length);
        }

        ushort id = Buffers.Fill(socket.Peer.Wire.AsSpan(socket.Taken, length));
        socket.Taken += length;
        bool goesOn = !IsQueueFull && !Random.Chance(Faults.EndReceive);
        uint flags = BufferFlags(id) | (goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0);
        flags |= socket.Unread != 0 ? IORING_CQE.IORING_CQE_F_SOCK_NONEMPTY : 0;
        Complete(receive, length, flags);
        NoteProgress();
        socket.Peer.PlanArrival();
        if (goesOn && Random.Chance(Faults.ReceiveError))
        {
            Complete(receive, -FailReceive(socket));
        }
    }

    // A reset is the connection's end, whoever hears of it first; the others it may outlive.
    private int FailReceive(SimulatedSocket socket)
    {
        int error = Random.Pick<int>(s_receiveErrors);
        if (error == Errno.ECONNRESET)
        {
            socket.IsBroken = true;
            socket.Peer.PlanReset();
            RunHangUp(socket);
        }

        return error;
    }

    private void EndReceive(SimulatedSocket socket, SimulatedOperation receive)
    {
        uint flags = 0;
        if (Random.Chance(Faults.BufferAtEnd))
        {
            flags = BufferFlags(Buffers.Fill(default));
        }

        int error = socket.PendingError;
        socket.PendingError = 0;
        Complete(receive, -error, flags);
    }

    private static uint BufferFlags(ushort id) =>
        IORING_CQE.IORING_CQE_F_BUFFER | (uint)id << IORING_CQE.IORING_CQE_BUFFER_SHIFT;

    private void StartSend(SimulatedOperation send)
    {
        if (Random.Chance(Faults.SendRetry))
        {
            Complete(send, -Random.Pick<int>(s_sendRetries));
        }
        else if (Random.Chance(Faults.SendError))
        {
            Complete(send, -FailSend(send.Socket!));
        }
        else
        {
            RunSend(send.Socket!);
        }
    }

    private void Transmit(SimulatedSocket socket, SimulatedOperation send)
    {
        ReadOnlySpan<byte> rest = send.Rest;
        int length = Math.Min(rest.Length, socket.Room);
        bool isCut = Random.Chance(Faults.CutSend);
        if (isCut)
        {
            length = Random.Skewed(1, length);
        }

        socket.Peer.Accept(rest[..length]);
        send.Done += length;
        NoteProgress();
        if (send.Done == send.Length || Random.Chance(Faults.ShortSend))
        {
            Complete(send, send.Done);
        }
        else if (isCut)
        {
            send.IsPausing = true;
            World.Events.Plan(World.NowNs + Random.SkewedLong(1_000, 2_000_000), () =>
            {
                send.IsPausing = false;
                RunSend(socket);
            });
        }
    }

    // The socket is dead with most errors: its receive ends too, and the peer is cut off.
    private int FailSend(SimulatedSocket socket)
    {
        int error = Random.Pick<int>(s_sendErrors);
        if (!s_passingErrors.Contains(error))
        {
            socket.IsBroken = true;
            socket.Peer.PlanReset();
            World.Events.Plan(World.NowNs + Random.SkewedLong(1, 5_000_000), () =>
            {
                RunReceive(socket);
                RunHangUp(socket);
            });
        }

        return error;
    }

    // A dead socket tells its error once, to whoever asks first, and EPIPE from then on.
    private static int TakeSendError(SimulatedSocket socket)
    {
        int error = socket.PendingError == 0 ? Errno.EPIPE : socket.PendingError;
        socket.PendingError = 0;
        return error;
    }
}
