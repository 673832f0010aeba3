using Gain.Kernel;

namespace Gain.Workers;

/// <remarks>
/// A stop: who waits in a listen queue, or for a worker, is handed over; then the listeners are closed.
/// </remarks>
internal sealed partial class Acceptor<TBalancer, TRing>
{
    private bool IsPastStopDeadline => _isStopping && _nowMs >= _server.StopDeadlineMs;

    private void BeginStop()
    {
        _isStopping = true;
        _listeners.BeginStop(ref _ring);
    }

    private void ContinueStop()
    {
        if (IsPastStopDeadline)
        {
            RefusePending();
            _listeners.CloseIdle(ref _ring);
            return;
        }

        while (_listeners.TryTakeEarly(out int early, out int fd))
        {
            TakeIn(fd, early);
        }

        for (int i = 0; i < _listeners.Count; i++)
        {
            while (!IsPastStopDeadline && _listeners.TryTakeWaiting(ref _ring, i, _nowMs, out int fd))
            {
                TakeIn(fd, i);
            }
        }
    }
}
