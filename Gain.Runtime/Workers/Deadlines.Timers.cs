using Gain.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Deadlines<TProtocol, TRing>
{
    internal void ArmTimer(WorkerTimer timer, long dueMs) =>
        _table.Timers.Arm(NumberOf(timer), _table.NowMs, dueMs);

    internal void CancelTimer(WorkerTimer timer) => _table.Timers.Cancel(NumberOf(timer));

    internal int NumberOf(WorkerTimer timer) => _table.FirstOwnTimer + (int)timer;

    /// <param name="timer">The one that is running, so that a fault finds whose it is.</param>
    internal void RunTimers(ref int timer)
    {
        long now = _table.NowMs;
        if (now < _table.Timers.NextDueMs)
        {
            return;
        }

        while (_table.Timers.TryExpire(now, out timer))
        {
            Expire(timer);
            _worker.CheckFrameEnded();
        }
    }

    private void Expire(int timer)
    {
        if (timer >= _table.FirstOwnTimer)
        {
            Expire((WorkerTimer)(timer - _table.FirstOwnTimer));
            return;
        }

        int index = SlotTable.SlotOf(timer);
        ref Slot slot = ref _table[index];
        switch (SlotTable.KindOf(timer))
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
                _worker.Listeners.Release(ref _worker.Ring, AcceptHold.Error);
                break;
            case WorkerTimer.AcceptRate:
                _worker.Intake.TakeInEarly();
                break;
            case WorkerTimer.Trim:
                _table.Segments.Trim();
                break;
            case WorkerTimer.Hold:
                _worker.Answers.ExpireHolds();
                break;
            case WorkerTimer.DatagramRetry:
                _worker.Datagrams.ArmStarvedDatagrams();
                break;
            case >= WorkerTimer.FirstDialled:
                _worker.Datagrams.Dials!.Expire(timer - WorkerTimer.FirstDialled);
                break;
        }
    }

    private void CallTimer(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.Timer) && !slot.IsEnding)
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.Timer(ref _handlers[index], new Connection(_writer, ref slot));
            _worker.Calling = Slot.None;
        }
    }

    /// <summary>The time to the next deadline in nanoseconds; -1 when there is none.</summary>
    internal long NextTimeoutNs()
    {
        if (_worker.Stopper.Stage == StopStage.Delivering)
        {
            return 0;
        }

        if (_table.Timers.Count == 0)
        {
            return -1;
        }

        // A clock read anew: callbacks may have run for long since the turn's one was.
        return Math.Max(0, _table.Timers.NextDueMs - _worker.Ring.NowMs) * 1_000_000;
    }
}
