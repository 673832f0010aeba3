using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>How sockets end.</remarks>
internal sealed unsafe partial class DatagramDials<TProtocol, TRing>
{
    // What had arrived is delivered first, up to so many looks: a peer may go on sending.
    private const int MostRest = 1_024;

    public override void Expire(int place)
    {
        DialledSocket dialled = _places[place]!;
        if (dialled.State != DialledState.Open)
        {
            return;
        }

        long limit = dialled.Setting.IdleMs;
        long elapsed = _table.NowMs - dialled.UsedMs;
        DatagramSocket socket = dialled.Socket;
        if (!socket.Outbox.IsEmpty || _worker.Ring.CountUnread(socket.Fd) > 0)
        {
            // It is the link that has no room, or the server that has not read.
            ArmIdle(dialled, limit);
        }
        else if (elapsed < limit)
        {
            ArmIdle(dialled, limit - elapsed);
        }
        else if (!dialled.IsProbed)
        {
            // What the ring has taken from the socket is dispatched before the next turn's timers.
            dialled.IsProbed = true;
            ArmIdle(dialled, 1);
        }
        else
        {
            End(dialled, DatagramEndReason.Idle, errno: 0);
        }
    }

    private void ArmIdle(DialledSocket dialled, long aheadMs)
    {
        long limit = dialled.Setting.IdleMs;
        if (limit != 0)
        {
            long due = _table.NowMs + aheadMs;
            _table.Timers.Arm(
                TimerOf(dialled), _table.NowMs, aheadMs == 1 ? due : TimerWheel.Coarsen(due, limit));
        }
    }

    private int TimerOf(DialledSocket dialled) =>
        _worker.Deadlines.NumberOf(WorkerTimer.FirstDialled) + dialled.Socket.Index;

    private static DatagramEndReason ReasonOf(int error) => error switch
    {
        Errno.ECONNREFUSED => DatagramEndReason.Refused,
        _ when DatagramOutbox.TellsOfPeer(error) => DatagramEndReason.Unreachable,
        _ => DatagramEndReason.Failed,
    };

    // The first reason counts. One that the program closes, or that nothing has come to, delivers nothing
    // more; the others what had arrived.
    private void End(DialledSocket dialled, DatagramEndReason reason, int errno)
    {
        if (reason == DatagramEndReason.Local)
        {
            dialled.Socket.IsShut = true;
            dialled.Rest = 0;
        }

        if (dialled.State is DialledState.Opening or DialledState.Open)
        {
            bool mayHaveMore = dialled.State == DialledState.Open
                && reason is not (DatagramEndReason.Local or DatagramEndReason.Idle);
            dialled.State = DialledState.Ending;
            dialled.Reason = reason;
            dialled.Errno = errno;
            dialled.Rest = mayHaveMore ? MostRest : 0;
            _table.Timers.Cancel(TimerOf(dialled));
        }

        AddPending(dialled);
    }

    private void SettleEnd(DialledSocket dialled)
    {
        DatagramSocket socket = dialled.Socket;
        if (dialled.Rest > 0)
        {
            Send(dialled);
            dialled.Rest--;
            if (_worker.Ring.CountUnread(socket.Fd) > 0)
            {
                ArmReceive(dialled);
                return;
            }

            dialled.Rest = 0;
        }

        if (dialled.IsReceiving && !dialled.IsReceiveCancelled)
        {
            dialled.IsReceiveCancelled = true;
            Cancel(dialled, Operation.DialledDatagram);
        }

        if (socket.AwaitsRoom && !dialled.IsRoomCancelled)
        {
            dialled.IsRoomCancelled = true;
            Cancel(dialled, Operation.DialledRoom);
        }

        if (dialled.InFlight == 0)
        {
            Finish(dialled);
        }
    }

    private void Cancel(DialledSocket dialled, Operation operation)
    {
        ulong target = Token.Pack(operation, dialled.Socket.Index, dialled.Socket.Generation);
        _worker.Ring.PrepCancel(target, Begin(dialled, Operation.CancelDialled));
    }

    // Nothing of it is in flight.
    private void Finish(DialledSocket dialled)
    {
        DatagramSocket socket = dialled.Socket;

        // What callbacks wrote last, as far as there is room.
        Send(dialled);
        Vacate(dialled);
        DialWaiter? waiter = dialled.Waiter;
        dialled.Waiter = null;
        if (waiter is not null)
        {
            waiter.Fail(FailureOf(dialled));
        }
        else if (!dialled.IsUntold)
        {
            CallClosed(dialled);
        }

        _handlers[socket.Index] = default;
        dialled.State = DialledState.Free;
        _free[_freeCount++] = socket.Index;
    }

    // Before the callback, which may dial in its place.
    private void Vacate(DialledSocket dialled)
    {
        DatagramSocket socket = dialled.Socket;
        socket.Outbox.Clear();
        socket.IsShut = true;
        lock (socket.Gate)
        {
            // Whoever uses the descriptor on another thread has finished, and none begins again.
            socket.IsClosed = true;
        }

        if (socket.Fd >= 0)
        {
            _worker.Ring.Close(socket.Fd);
        }

        socket.EndGeneration();
        Volatile.Write(ref _count, _count - 1);
    }

    private static ConnectFailure FailureOf(DialledSocket dialled)
    {
        GainAddress target = dialled.Socket.Peer;
        return dialled.Errno == 0
            ? new ConnectFailure(ConnectFailureReason.Cancelled, 0, target)
            : ConnectFailure.Of(dialled.Errno, target, isConnect: dialled.Socket.Fd >= 0);
    }

    private void CallClosed(DialledSocket dialled)
    {
        DatagramSocket socket = dialled.Socket;
        ref TProtocol handler = ref _handlers[socket.Index];
        if ((TProtocol.DeclaredBy(ref handler) & Callbacks.DatagramClosed) == 0)
        {
            return;
        }

        _worker.Counters.Callbacks++;
        _worker.Calling = Served.Datagram;
        try
        {
            TProtocol.DatagramClosed(
                ref handler,
                new DatagramEnd(socket, socket.Generation - 1, dialled.Reason, dialled.Errno));
        }
        catch (Exception fault)
        {
            // There is nothing that the fault could end.
            _worker.Datagrams.CountDatagramFault(fault);
        }

        _worker.Calling = Slot.None;
    }

    public override void Stop(bool isLate)
    {
        for (int i = 0; i < _made && HasAny; i++)
        {
            DialledSocket? dialled = _places[i];
            if (dialled is null || dialled.State == DialledState.Free)
            {
                continue;
            }

            if (dialled.State != DialledState.Ending)
            {
                End(dialled, DatagramEndReason.ServerStopped, errno: 0);
            }

            if (isLate && dialled.Rest > 0)
            {
                dialled.Rest = 0;
                AddPending(dialled);
            }
        }
    }

    public override void Abandon()
    {
        for (int i = 0; i < _made; i++)
        {
            DialledSocket? dialled = _places[i];
            if (dialled is not null && dialled.State != DialledState.Free)
            {
                if (dialled.State != DialledState.Ending)
                {
                    dialled.Reason = DatagramEndReason.Failed;
                    dialled.Errno = 0;
                }

                dialled.State = DialledState.Ending;
                dialled.Socket.Outbox.Clear();
                Finish(dialled);
            }
        }
    }
}
