namespace Gain.Sessions;

/// <summary>
/// Runs what the sessions of a server offload, on the thread pool: so many at once, and so many that wait.
/// Any thread.
/// </summary>
/// <param name="most">How many run at once.</param>
/// <param name="mostWaiting">How many wait; one more is refused.</param>
internal sealed class OffloadPool(int most, int mostWaiting)
{
    private readonly Lock _gate = new();
    private readonly Queue<OffloadItem> _waiting = new();
    private int _running;

    /// <summary>Takes an item, to be run now or later.</summary>
    /// <returns>False where too many wait: it is not run.</returns>
    public bool TryAdd(OffloadItem item)
    {
        lock (_gate)
        {
            if (_running == most)
            {
                if (_waiting.Count >= mostWaiting)
                {
                    return false;
                }

                _waiting.Enqueue(item);
                return true;
            }

            _running++;
        }

        _ = ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        return true;
    }

    /// <summary>An item has run: the next one takes its place.</summary>
    public void NoteRun()
    {
        OffloadItem? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _running--;
                return;
            }
        }

        _ = ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
    }
}
