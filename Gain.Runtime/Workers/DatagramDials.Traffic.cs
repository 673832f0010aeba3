using System.Runtime.InteropServices;
using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Mail;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>The connect, what arrives and what leaves.</remarks>
internal sealed unsafe partial class DatagramDials<TProtocol, TRing>
{
    public override void Handle(CompletionEntry completion)
    {
        DialledSocket dialled = _places[Token.SlotOf(completion.UserData)]!;
        if (dialled.Socket.Generation != Token.GenerationOf(completion.UserData))
        {
            throw new InvalidOperationException(
                $"A completion came for a socket that had left its place: user_data "
                + $"0x{completion.UserData:x16}, result {completion.Result}.");
        }

        dialled.InFlight -= completion.HasMore ? 0 : 1;
        AddPending(dialled);
        switch (Token.OperationOf(completion))
        {
            case Operation.DialledDatagram:
                HandleReceive(dialled, completion);
                break;
            case Operation.DialledConnect:
                HandleConnect(dialled, completion.Result);
                break;
            case Operation.DialledRoom:
                dialled.Socket.AwaitsRoom = false;
                break;
        }
    }

    private void ArmConnect(DialledSocket dialled)
    {
        dialled.IsConnecting = true;
        DatagramSocket socket = dialled.Socket;
        int length = EndPointConversion.ToSockAddr(
            socket.Peer, socket.Traits.Family, out sockaddr_storage address);
        ulong token = Begin(dialled, Operation.DialledConnect);
        _worker.Ring.PrepConnect(socket.Fd, in address, (uint)length, token);
    }

    private void HandleConnect(DialledSocket dialled, int result)
    {
        dialled.IsConnecting = false;
        if (dialled.State == DialledState.Ending)
        {
            return;
        }

        // One that is connected to itself would hear what it says.
        DatagramSocket socket = dialled.Socket;
        result = result < 0 ? result : _worker.Ring.FinishConnect(socket.Fd);
        if (result < 0)
        {
            End(dialled, ReasonOf(-result), -result);
            return;
        }

        bool hasLocal = SocketOptions.TryGetLocalName(
            socket.Fd, out sockaddr_storage local, out uint localBytes);
        bool hasPeer = _worker.Ring.TryGetPeer(socket.Fd, out GainAddress peer);
        socket.Connect(in local, hasLocal ? localBytes : 0, hasPeer ? peer : socket.Peer);
        dialled.State = DialledState.Open;
        dialled.IsConnected = true;
        dialled.UsedMs = _table.NowMs;
        ArmIdle(dialled, dialled.Setting.IdleMs);
        DialWaiter? waiter = dialled.Waiter;
        dialled.Waiter = null;
        if (waiter is not null && !waiter.Complete())
        {
            dialled.IsUntold = true;
            End(dialled, DatagramEndReason.Local, errno: 0);
        }
    }

    private void ArmReceive(DialledSocket dialled)
    {
        if (!dialled.IsReceiving)
        {
            dialled.IsReceiving = true;
            ulong token = Begin(dialled, Operation.DialledDatagram);
            _worker.Ring.PrepReceiveDatagrams(dialled.Socket.Fd, isUnix: false, token);
        }
    }

    private void HandleReceive(DialledSocket dialled, CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            dialled.IsReceiving = false;
            HandleReceiveEnd(dialled, -completion.Result);
        }

        if (!completion.HasBuffer)
        {
            return;
        }

        if (!dialled.Socket.IsShut && IsOfPeer(dialled.Socket, completion))
        {
            dialled.UsedMs = _table.NowMs;
            dialled.IsProbed = false;
            _worker.Datagrams.Deliver(dialled.Socket, ref _handlers[dialled.Socket.Index], completion);
        }
        else
        {
            _worker.Counters.DroppedDatagrams++;
            _worker.Ring.RecycleDatagram(completion.BufferId);
        }
    }

    private bool IsOfPeer(DatagramSocket socket, CompletionEntry completion)
    {
        if (completion.Result < DatagramHead.Bytes)
        {
            return false;
        }

        Span<byte> buffer = _worker.Ring.ReceivedDatagram(completion.BufferId, completion.Result);
        return socket.IsOfPeer(in MemoryMarshal.AsRef<DatagramHead>(buffer));
    }

    // It is armed again before the worker waits, when every buffer is back.
    private void HandleReceiveEnd(DialledSocket dialled, int error)
    {
        switch (error)
        {
            case Errno.ENOBUFS:
                _worker.Counters.Starvations++;
                break;

            case <= 0:
                // A datagram of no bytes, or completions had no room in their queue.
            case Errno.ECANCELED:
            case Errno.EINTR:
            case Errno.EAGAIN:
                break;

            case Errno.EPROTO:
            case Errno.EMSGSIZE:
                // What became of something that was too long for the way.
                _worker.Counters.SocketErrors++;
                break;

            default:
                _worker.Counters.SocketErrors++;
                End(dialled, ReasonOf(error), error);
                break;
        }
    }

    private void Send(DialledSocket dialled)
    {
        DatagramSocket socket = dialled.Socket;
        DatagramOutbox outbox = socket.Outbox;
        if (!dialled.IsConnected || socket.AwaitsRoom || outbox.IsEmpty)
        {
            return;
        }

        dialled.UsedMs = _table.NowMs;
        dialled.IsProbed = false;
        if (!outbox.Send(ref _worker.Ring, socket.Fd) && dialled.State == DialledState.Open)
        {
            socket.AwaitsRoom = true;
            _worker.Ring.PrepAwaitRoom(socket.Fd, Begin(dialled, Operation.DialledRoom));
        }

        if (outbox.PeerError != 0)
        {
            int error = outbox.PeerError;
            outbox.PeerError = 0;
            End(dialled, ReasonOf(error), error);
        }
    }

    public override void Execute(Command command)
    {
        DialledSocket? dialled = (uint)command.Place < (uint)_places.Length ? _places[command.Place] : null;
        if (dialled is null || dialled.Socket.Generation != command.PlaceGeneration
            || dialled.State == DialledState.Free)
        {
            // It has ended since, and another may have the place.
            return;
        }

        if (command.Kind == CommandKind.CloseDatagrams)
        {
            End(dialled, DatagramEndReason.Local, errno: 0);
            return;
        }

        if (dialled.Socket.SendToPeer(_worker.Mailbox.FrontBytes[1..]) == DatagramFailure.None)
        {
            AddPending(dialled);
        }
    }

    // The user_data of an operation, which is in flight from now on.
    private static ulong Begin(DialledSocket dialled, Operation operation)
    {
        dialled.InFlight++;
        return Token.Pack(operation, dialled.Socket.Index, dialled.Socket.Generation);
    }
}
