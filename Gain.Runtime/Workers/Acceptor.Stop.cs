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
        _retryAtMs = Never;
        _earlyAtMs = Never;
        CancelAccepts();
    }

    private void ContinueStop()
    {
        if (IsPastStopDeadline)
        {
            RefusePending();
        }

        while (AcceptPacing.TryTake(_listeners, AcceptPacing.Never, out int early, out int fd))
        {
            TakeIn(fd, early);
        }

        for (int i = 0; i < _listeners.Length; i++)
        {
            if (_listeners[i].Fd >= 0 && !_listeners[i].IsArmed)
            {
                TakeInWaiting(i);
            }
        }
    }

    private void TakeInWaiting(int index)
    {
        ref Listener listener = ref _listeners[index];
        while (!listener.IsPassed
            && !IsPastStopDeadline
            && listener.TakenInAtStop < Listener.MaxTakenInAtStop)
        {
            int fd = _ring.AcceptNow(listener.Fd);
            if (fd == -Errno.EAGAIN)
            {
                break;
            }

            if (fd >= 0)
            {
                listener.TakenInAtStop++;
                TakeIn(fd, index);
            }
            else if (!AcceptErrors.IsOfOneConnection(-fd))
            {
                // Without descriptors: there may be some when the workers have closed connections.
                _retryAtMs = _nowMs + AcceptErrors.MaxBackoffMs;
                return;
            }
        }

        listener.Close(ref _ring);
    }

    private bool AnyListens()
    {
        foreach (ref Listener listener in _listeners.AsSpan())
        {
            if (listener.IsArmed || listener.Fd >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
