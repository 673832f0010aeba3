using System.Runtime.CompilerServices;

namespace Gain.Workers;

/// <remarks>
/// A worker whose mailbox is full, or that may have no more connections where those to come are to wait:
/// the socket waits here. Nothing is accepted meanwhile, so that the other clients wait in the listen queue;
/// only what a multishot accept had taken before it was cancelled can still come.
/// </remarks>
internal sealed partial class Acceptor<TBalancer, TRing>
{
    private readonly Queue<PendingSocket> _pending;

    // Of the sockets that count for a worker, those that it has not been given.
    private readonly int[] _pendingOf;
    private int _pendingCount;

    public override int Pending => Volatile.Read(ref _pendingCount);

    private void HandOver(PendingSocket socket)
    {
        _handOvers.Add(socket.Worker);
        _pendingOf[socket.Worker]++;
        _pendingCount++;
        if (!TryHandOver(socket))
        {
            Park(socket);
        }
    }

    private bool TryHandOver(PendingSocket socket)
    {
        if (_settings.WaitsAtLimit && !HasRoom(socket.Worker))
        {
            return false;
        }

        if (!_routes.TryPost(socket.Worker, socket.Fd, socket.Origin))
        {
            return false;
        }

        _pendingOf[socket.Worker]--;
        _pendingCount--;
        _counters.HandedOver++;
        return true;
    }

    // Counts what the worker has been given and not opened as well: it would find no room for it.
    private bool HasRoom(int worker) =>
        _handOvers[worker] - _pendingOf[worker] < _settings.MaxConnectionsPerWorker
        && _handOvers.Total - _pendingCount < _settings.MaxConnections;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Park(PendingSocket socket)
    {
        if (_pending.Count >= _settings.MaxPending)
        {
            RefusePending(socket, RefusalReason.ConnectionLimit);
            return;
        }

        _pending.Enqueue(socket);
        if (!_listeners.IsHeldFor(AcceptHold.Limit))
        {
            _listeners.Hold(ref _ring, AcceptHold.Limit);
            _handOvers.BeginWait();
        }
    }

    /// <summary>Hands over what can be now. The others keep their order.</summary>
    /// <returns>Whether any was.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HandOverPending()
    {
        bool isAny = false;
        for (int left = _pending.Count; left > 0; left--)
        {
            PendingSocket socket = _pending.Dequeue();
            if (TryHandOver(socket))
            {
                isAny = true;
            }
            else
            {
                _pending.Enqueue(socket);
            }
        }

        if (_pending.Count == 0)
        {
            _handOvers.EndWait();
            _listeners.Release(ref _ring, AcceptHold.Limit);
        }

        return isAny;
    }

    /// <summary>The server stops: nobody is handed over anymore.</summary>
    private void RefusePending()
    {
        RefuseEarly();
        _listeners.Forget(AcceptHold.Limit);
        _handOvers.EndWait();
        while (_pending.TryDequeue(out PendingSocket socket))
        {
            RefusePending(socket, RefusalReason.Stopping);
        }
    }

    private void RefusePending(PendingSocket socket, RefusalReason reason)
    {
        Refuse(socket.Fd, reason);
        _pendingOf[socket.Worker]--;
        _pendingCount--;
        _handOvers.Remove(socket.Worker);
    }
}
