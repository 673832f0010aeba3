using System.Runtime.CompilerServices;
using Gain.Mail;

namespace Gain.Workers;

/// <remarks>
/// With <see cref="ConnectionLimitPolicy.StopAccepting"/> clients wait in the listen queue. But a multishot
/// accept has taken some before it is cancelled: those wait here, and are the first when there is room.
/// With any policy those wait for whom idle connections of the pool are giving up their places.
/// </remarks>
internal sealed unsafe partial class Intake<TProtocol, TRing>
{
    // Of those whose places are about to be free.
    private const int MostForRoom = 64;

    private readonly int _mostForRoom;
    private readonly Queue<(int Fd, Origin Origin)> _parked;

    /// <summary>Whether clients wait here.</summary>
    internal bool HasParked => _parked.Count != 0;

    /// <summary>Whether nothing is accepted for want of room.</summary>
    internal bool WaitsForRoom => _listeners.IsHeldFor(AcceptHold.Limit);

    /// <summary>Whether there is room for a connection.</summary>
    internal bool HasRoom => !_table.IsFull && _server.Admission.HasRoom;

    private bool RefusesAtLimit => _settings.Accepts.LimitPolicy != ConnectionLimitPolicy.StopAccepting;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPark(int fd, Origin origin)
    {
        bool isComing = _worker.Dialer.GiveWay(Math.Min(_parked.Count + 1, _mostForRoom)) > _parked.Count;
        if (!isComing && (RefusesAtLimit || _parked.Count >= _settings.Accepts.MaxParked))
        {
            return false;
        }

        _parked.Enqueue((fd, origin));
        if (!WaitsForRoom)
        {
            _listeners.Hold(ref _worker.Ring, AcceptHold.Limit);
            _server.Admission.BeginWait();
        }

        return true;
    }

    /// <summary>Takes in those who wait, while there is room, and then accepts again.</summary>
    internal void TakeInParked()
    {
        TakeInWhileRoom();
        if (RefusesAtLimit)
        {
            // The place that was to be theirs may have become another's.
            int coming = _worker.Dialer.GiveWay(_parked.Count);
            while (_parked.Count > coming)
            {
                Refuse(_parked.Dequeue().Fd, RefusalReason.ConnectionLimit);
            }
        }

        if (_parked.Count == 0 && (HasRoom || RefusesAtLimit))
        {
            _server.Admission.EndWait();
            _listeners.Release(ref _worker.Ring, AcceptHold.Limit);
        }
    }

    private void TakeInWhileRoom()
    {
        while (_parked.Count != 0 && HasRoom)
        {
            // Another worker may take the room between the look and this.
            (int fd, Origin origin) = _parked.Peek();
            RefusalReason reason = RefusalReason.Stopping;
            try
            {
                reason = Open(fd, origin);
            }
            finally
            {
                // Also when OnAccept throws: it is a connection then.
                if (reason != RefusalReason.ConnectionLimit)
                {
                    _parked.Dequeue();
                }
            }

            if (reason == RefusalReason.ConnectionLimit)
            {
                return;
            }

            if (reason != RefusalReason.None)
            {
                Refuse(fd, reason);
            }
        }
    }

    /// <summary>The server stops: nobody is taken in anymore.</summary>
    internal void RefuseParked()
    {
        RefuseEarly();
        if (WaitsForRoom)
        {
            _listeners.Forget(AcceptHold.Limit);
            _server.Admission.EndWait();
        }

        while (_parked.TryDequeue(out (int Fd, Origin Origin) parked))
        {
            Refuse(parked.Fd, RefusalReason.Stopping);
        }
    }
}
