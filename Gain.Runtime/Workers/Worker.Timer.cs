using Gain.Connections;

namespace Gain.Workers;

public sealed unsafe partial class Worker<TProtocol, TRing>
{
    // Whether anything has a deadline. When nothing has, the worker reads no clock and sleeps without limit.
    private bool _hasDeadlines;

    private void RunDeadlines()
    {
        long now = _table.NowMs;
        RetryAccepts(now);
        while (_lingerHead != Slot.None && (int)((uint)now - _table[_lingerHead].LingerUntilMs) >= 0)
        {
            EndLinger(_lingerHead, ref _table[_lingerHead]);
        }

        _hasDeadlines = _stop != StopStage.None || _lingerHead != Slot.None || AnyAcceptWaiting();
    }

    /// <summary>The time to the next deadline in nanoseconds; -1 when there is none.</summary>
    private long NextTimeoutNs()
    {
        if (!_hasDeadlines)
        {
            return -1;
        }

        long now = _table.NowMs;
        long next = long.MaxValue;
        if (_lingerHead != Slot.None)
        {
            next = now + (int)(_table[_lingerHead].LingerUntilMs - (uint)now);
        }

        foreach (ref Listener listener in _listeners.AsSpan())
        {
            if (listener.IsWaiting)
            {
                next = Math.Min(next, listener.RetryAtMs);
            }
        }

        if (_stop == StopStage.Delivering)
        {
            return 0;
        }

        if (_stop == StopStage.Closing)
        {
            next = Math.Min(next, _server.StopDeadlineMs);
        }

        // The coarse clock lags by up to a tick; one more millisecond saves a second wake-up for it.
        return next == long.MaxValue ? -1 : Math.Max(0, next - now + 1) * 1_000_000;
    }

    private bool AnyAcceptWaiting()
    {
        foreach (ref Listener listener in _listeners.AsSpan())
        {
            if (listener.IsWaiting)
            {
                return true;
            }
        }

        return false;
    }
}
