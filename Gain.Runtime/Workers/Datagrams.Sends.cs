using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Mail;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>What callbacks wrote to sockets for datagrams.</remarks>
internal sealed unsafe partial class Datagrams<TProtocol, TRing>
{
    private LogLimiter _datagramLog;

    /// <summary>
    /// Other threads have stopped using the descriptor when this returns, and none begins again.
    /// </summary>
    internal void EndUseByOthers()
    {
        foreach (DatagramSocket? socket in _datagramSockets)
        {
            if (socket is not null)
            {
                lock (socket.Gate)
                {
                    socket.IsClosed = true;
                }
            }
        }
    }

    /// <summary>Whether something is to be done for sockets before the worker may wait.</summary>
    internal bool HasWork => Dials is { HasWork: true };

    /// <summary>
    /// Whether a datagram waits to be sent, or a socket for room, or one that was dialled has not ended.
    /// </summary>
    internal bool HasDatagrams
    {
        get
        {
            if (Dials is { HasAny: true })
            {
                return true;
            }

            foreach (DatagramSocket? socket in _datagramSockets)
            {
                if (socket is not null && (socket.AwaitsRoom || !socket.Outbox.IsEmpty))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Sends what the turn's callbacks wrote.</summary>
    internal void SendDatagrams()
    {
        foreach (DatagramSocket? socket in _datagramSockets)
        {
            if (socket is not null && !socket.Outbox.IsEmpty)
            {
                SendDatagrams(socket);
            }
        }

        Dials?.Settle();
    }

    internal void SendDatagrams(DatagramSocket socket)
    {
        if (socket.AwaitsRoom)
        {
            return;
        }

        long errors = socket.Outbox.Errors;
        if (!socket.Outbox.Send(ref _worker.Ring, socket.Fd))
        {
            socket.AwaitsRoom = true;
            _worker.Ring.PrepAwaitRoom(socket.Fd, Token.Pack(Operation.DatagramRoom, socket.Index, 0));
        }

        if (socket.Outbox.Errors != errors)
        {
            LogDatagramErrors(socket);
        }
    }

    /// <summary>Queues what another thread has posted; without room it is dropped, and counted.</summary>
    internal void SendPosted(Command command)
    {
        ReadOnlySpan<byte> bytes = _mailbox.FrontBytes;
        int name = command.NameBytes;
        _ = _datagramSockets[command.SocketIndex]!.Add(bytes[..name], bytes[name..]);
    }

    /// <summary>A value that names one of the worker's sockets; false for one that accepts.</summary>
    internal bool TryGetDatagrams(int index, out DatagramHandle handle)
    {
        DatagramSocket? socket = _datagramSockets[index];
        handle = socket is null ? default : new DatagramHandle(socket);
        return socket is not null;
    }

    // The turn's end sends.
    internal void HandleDatagramRoom(CompletionEntry completion) =>
        _datagramSockets[Token.SlotOf(completion.UserData)]!.AwaitsRoom = false;

    /// <summary>The stop is over: what has not left will not.</summary>
    internal void AbortDatagrams()
    {
        foreach (DatagramSocket? socket in _datagramSockets)
        {
            if (socket is null)
            {
                continue;
            }

            socket.Outbox.Clear();
            if (socket.AwaitsRoom)
            {
                _worker.Ring.PrepCancel(
                    Token.Pack(Operation.DatagramRoom, socket.Index, 0),
                    Token.Pack(Operation.CancelIgnored, socket.Index, 0));
            }
        }
    }

    internal void AddDatagramCounts(ref WorkerCounters counters)
    {
        foreach (DatagramSocket? socket in _datagramSockets)
        {
            if (socket is not null)
            {
                counters.DatagramsOut += Volatile.Read(ref socket.Outbox.Sent);
                counters.BytesOut += Volatile.Read(ref socket.Outbox.SentBytes);
                counters.DroppedDatagrams += Volatile.Read(ref socket.Outbox.Dropped);
                counters.DatagramErrors += Volatile.Read(ref socket.Outbox.Errors);
            }
        }

        Dials?.AddCounts(ref counters);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LogDatagramErrors(DatagramSocket socket)
    {
        int error = socket.Outbox.LastError;
        if (_worker.Observer.MayLog(ref _datagramLog))
        {
            Log.DatagramFailed(
                _server.Logger, _settings.Index, Errno.Name(error), Errno.Meaning(error));
        }
    }
}
