using Gain.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    // Above those of slots, and none of the worker's own.
    private const int NoTimer = int.MaxValue;

    private void ArmTimer(WorkerTimer timer, long dueMs) =>
        _table.Timers.Arm(NumberOf(timer), _table.NowMs, dueMs);

    private void CancelTimer(WorkerTimer timer) => _table.Timers.Cancel(NumberOf(timer));

    private int NumberOf(WorkerTimer timer) => _table.FirstOwnTimer + (int)timer;

    /// <param name="timer">The one that is running, so that a fault finds whose it is.</param>
    private void RunTimers(ref int timer)
    {
        long now = _table.NowMs;
        if (now < _table.Timers.NextDueMs)
        {
            return;
        }

        while (_table.Timers.TryExpire(now, out timer))
        {
            Expire(timer);
            CheckFrameEnded();
        }
    }

    private void Expire(int timer)
    {
        if (timer >= _table.FirstOwnTimer)
        {
            Expire((WorkerTimer)(timer - _table.FirstOwnTimer));
            return;
        }

        int index = ConnectionTable.SlotOf(timer);
        ref Slot slot = ref _table[index];
        switch (ConnectionTable.KindOf(timer))
        {
            case SlotTimer.Read:
                ExpireRead(index, ref slot);
                break;
            case SlotTimer.User:
                CallTimer(index, ref slot);
                break;
            case SlotTimer.Lifetime:
                _table.Close(ref slot, CloseReason.LifetimeReached);
                break;
            case SlotTimer.Send:
                ExpireSend(index, ref slot);
                break;
        }
    }

    private void Expire(WorkerTimer timer)
    {
        switch (timer)
        {
            case WorkerTimer.Stop:
                // The turn itself looks at the stop next.
                break;
            case WorkerTimer.AcceptRetry:
                ReleaseAccepts(AcceptHold.Error);
                break;
            case WorkerTimer.AcceptRate:
                TakeInEarly();
                break;
            case WorkerTimer.Trim:
                _table.Segments.Trim();
                break;
            case WorkerTimer.Hold:
                ExpireHolds();
                break;
            case WorkerTimer.DatagramRetry:
                ArmStarvedDatagrams();
                break;
        }
    }

    private void CallTimer(int index, ref Slot slot)
    {
        if (Declares(index, Callbacks.Timer) && (slot.Flags & SlotFlags.Ending) == 0)
        {
            _counters.Callbacks++;
            _calling = index;
            TProtocol.Timer(ref _handlers[index], new Connection(_table, ref slot));
            _calling = Slot.None;
        }
    }

    /// <summary>The time to the next deadline in nanoseconds; -1 when there is none.</summary>
    private long NextTimeoutNs()
    {
        if (_stop == StopStage.Delivering)
        {
            return 0;
        }

        if (_table.Timers.Count == 0)
        {
            return -1;
        }

        // A clock read anew: callbacks may have run for long since the turn's one was.
        return Math.Max(0, _table.Timers.NextDueMs - _ring.NowMs) * 1_000_000;
    }
}
