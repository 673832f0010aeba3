using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Slots;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Simulation;

internal sealed unsafe partial class SimulatedKernel
{
    public void PrepAccept(int descriptor, ulong userData, bool takesOne = false)
    {
        var listener = (SimulatedListener)Find(descriptor);
        if (listener.Accept is not null)
        {
            throw World.Fail("a listener has two accepts in flight");
        }

        listener.Accept = new SimulatedOperation(Operation.Accept, userData)
        {
            Listener = listener,
            TakesOne = takesOne,
        };
        Prepare(listener.Accept);
    }

    public void PrepReceive(int descriptor, ulong userData)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        if (socket.Receive is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} has two receives in flight");
        }

        socket.ServedNs = socket.WasServed ? socket.ServedNs : World.NowNs;
        socket.WasServed = true;
        socket.Served.NoteReceiveArmed();
        socket.Receive = new SimulatedOperation(Operation.Receive, userData) { Socket = socket };
        Prepare(socket.Receive);
    }

    public int CountUnread(int descriptor)
    {
        if (descriptor == Slot.NoSocket || Find(descriptor) is SimulatedDial)
        {
            return -Errno.ENOTCONN;
        }

        SimulatedSocket socket = SocketOf(descriptor);
        if (socket.Unread > 0)
        {
            socket.Served.NoteUnread();
        }

        return socket.Unread;
    }

    // SAFETY: the memory is read until the send's completion, as the kernel may.
    public void PrepSend(int descriptor, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        socket.Send = new SimulatedOperation(Operation.Send, userData) { Socket = socket };
        foreach (iovec piece in pieces)
        {
            socket.Send.AddPiece((byte*)piece.iov_base, (int)piece.iov_len);
        }

        if (socket.Send.Length == 0)
        {
            throw World.Fail($"peer {socket.Peer.Id} is sent nothing");
        }

        Prepare(socket.Send);
    }

    public void PrepAwaitHangUp(int descriptor, ulong userData)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        if (socket.HangUp is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} has two waits for its end in flight");
        }

        socket.HangUp = new SimulatedOperation(Operation.HangUp, userData) { Socket = socket };
        Prepare(socket.HangUp);
    }

    public void PrepCancel(ulong target, ulong userData) => Prepare(
        new SimulatedOperation((Operation)(userData >> 56), userData)
        {
            Target = target,
            Socket = _inFlight.GetValueOrDefault(target)?.Socket,
            Dial = _inFlight.GetValueOrDefault(target)?.Dial,
        });

    private void CheckMaySend(SimulatedSocket socket)
    {
        if (socket.Send is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} has two sends in flight");
        }

        if (socket.HasSentFin)
        {
            throw World.Fail($"peer {socket.Peer.Id} is sent something after FIN");
        }
    }

    private void Prepare(SimulatedOperation operation)
    {
        // The cancellation of an accept may be left, and asked for again: it names nothing that is freed.
        if (operation.Kind != Operation.CancelIgnored && !_inFlight.TryAdd(operation.UserData, operation))
        {
            throw World.Fail($"user_data 0x{operation.UserData:x16} is used while in flight");
        }

        if (operation.Socket is not null)
        {
            operation.Socket.InFlight++;
        }

        if (operation.Dial is not null)
        {
            operation.Dial.InFlight++;
        }

        if (_prepared.Count == _settings.Entries)
        {
            SubmitFirst(_prepared.Count);
        }

        _prepared.Add(operation);
    }

    // Whether all was taken: io_uring_enter does not wait otherwise.
    private bool Submit()
    {
        int count = _prepared.Count;
        if (count == 0)
        {
            return true;
        }

        if (Random.Chance(Faults.RefuseSubmissions))
        {
            count = Random.Below(count);
        }

        SubmitFirst(count);
        return _prepared.Count == 0;
    }

    private void SubmitFirst(int count)
    {
        SimulatedOperation[] taken = [.. _prepared[..count]];
        _prepared.RemoveRange(0, count);
        foreach (SimulatedOperation operation in taken)
        {
            operation.IsSubmitted = true;
            switch (operation.Kind)
            {
                case Operation.Accept:
                    RunAccept(operation.Listener!);
                    break;
                case Operation.Receive:
                    StartReceive(operation);
                    break;
                case Operation.Send:
                    StartSend(operation);
                    break;
                case Operation.SpliceInput:
                    RunReceive(operation.Socket!);
                    break;
                case Operation.SpliceRoom:
                    RunSend(operation.Socket!);
                    break;
                case Operation.HangUp:
                    RunHangUp(operation.Socket!);
                    break;
                case Operation.Connect:
                case Operation.Attempt:
                    StartConnect(operation);
                    break;
                default:
                    Cancel(operation);
                    break;
            }
        }
    }

    private void Cancel(SimulatedOperation cancel)
    {
        if (!_inFlight.TryGetValue(cancel.Target, out SimulatedOperation? target)
            || target.IsOver || !target.IsSubmitted)
        {
            Complete(cancel, -Errno.ENOENT);
            return;
        }

        if (target.Kind != Operation.Accept && Random.Chance(Faults.CancelTooBusy))
        {
            Complete(cancel, -Errno.EALREADY);
            return;
        }

        if (Random.Chance(Faults.CancelAfterData))
        {
            RunOnce(target);
        }

        if (target.IsOver)
        {
            Complete(cancel, -Errno.ENOENT);
            return;
        }

        bool first = Random.Chance(0.5);
        if (first)
        {
            Complete(cancel, 0);
        }

        Complete(target, target.Done > 0 ? target.Done : -Errno.ECANCELED);
        if (!first)
        {
            Complete(cancel, 0);
        }
    }

    private void RunOnce(SimulatedOperation operation)
    {
        switch (operation.Kind)
        {
            case Operation.Accept:
                RunAccept(operation.Listener!);
                break;
            case Operation.Receive:
            case Operation.SpliceInput:
                RunReceive(operation.Socket!);
                break;
            case Operation.HangUp:
                RunHangUp(operation.Socket!);
                break;
            case Operation.Connect:
            case Operation.Attempt:
                ComeUp(operation);
                break;
            default:
                RunSend(operation.Socket!);
                break;
        }
    }
}
