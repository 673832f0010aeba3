using System.Runtime.CompilerServices;

namespace Gain.Workers;

/// <remarks>
/// With <see cref="ConnectionLimitPolicy.StopAccepting"/> clients wait in the listen queue. But a multishot
/// accept has taken some before it is cancelled: those wait here, and are the first when there is room.
/// </remarks>
internal sealed unsafe partial class Intake<TProtocol, TRing>
{
    private readonly Queue<(int Fd, byte Address)> _parked;

    /// <summary>Whether clients wait here.</summary>
    internal bool HasParked => _parked.Count != 0;

    /// <summary>Whether nothing is accepted for want of room.</summary>
    internal bool WaitsForRoom => _listeners.IsHeldFor(AcceptHold.Limit);

    /// <summary>Whether there is room for a connection.</summary>
    internal bool HasRoom => !_table.IsFull && _server.Admission.HasRoom;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPark(int fd, byte address)
    {
        AcceptSettings accepts = _settings.Accepts;
        if (accepts.LimitPolicy != ConnectionLimitPolicy.StopAccepting || _parked.Count >= accepts.MaxParked)
        {
            return false;
        }

        _parked.Enqueue((fd, address));
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
        while (_parked.Count != 0 && HasRoom)
        {
            // Another worker may take the room between the look and this.
            (int fd, byte address) = _parked.Peek();
            RefusalReason reason = RefusalReason.Stopping;
            try
            {
                reason = Open(fd, address);
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

        if (_parked.Count == 0 && HasRoom)
        {
            _server.Admission.EndWait();
            _listeners.Release(ref _worker.Ring, AcceptHold.Limit);
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

        while (_parked.TryDequeue(out (int Fd, byte Address) parked))
        {
            Refuse(parked.Fd, RefusalReason.Stopping);
        }
    }
}
