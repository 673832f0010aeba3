using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// What a thread that accepts, a worker or the acceptor, has made of the changes of what its server listens
/// on, and the listeners that end on it.
/// </summary>
/// <param name="listeners">The thread's listeners.</param>
internal sealed class ListenerChanges(Listeners listeners)
{
    // A place of a listener is another's only after all threads have closed it, so there are not more.
    private readonly OpenListener?[] _ending = new OpenListener?[listeners.Count + Listeners.MaxAdded];
    private int _endingCount;
    private int _thread;

    // Of a thread that does not accept: nothing is ever added behind it.
    private ListenerChange _made = new();

    /// <summary>Whether there is a change that the thread has not made.</summary>
    public bool HasNews => _made.Next is not null;

    /// <summary>Whether there is anything to do in a turn.</summary>
    public bool IsDue => _endingCount != 0 || HasNews;

    /// <summary>The thread accepts: from now on it makes the changes behind this one.</summary>
    /// <param name="last">The last change so far.</param>
    /// <param name="thread">Whose sockets it takes of those that are added.</param>
    public void Follow(ListenerChange last, int thread)
    {
        _made = last;
        _thread = thread;
    }

    /// <summary>Makes the changes that the thread has not made.</summary>
    public void Make<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        while (_made.Next is { } change)
        {
            _made = change;
            if (change.IsEnd)
            {
                listeners.BeginEnd(ref ring, change.Listener!);
                _ending[_endingCount++] = change.Listener;
            }
            else
            {
                listeners.Add(ref ring, change.Listener!, _thread);
            }
        }
    }

    /// <summary>
    /// Takes one who waits at a listener that ends. Where nobody does, the listener is closed, and the last
    /// thread to close it says so.
    /// </summary>
    public bool TryTakeWaiting<TRing>(ref TRing ring, long nowMs, out int index, out int fd)
        where TRing : struct, IRing
    {
        for (int i = _endingCount - 1; i >= 0; i--)
        {
            OpenListener ending = _ending[i]!;
            for (index = ending.Place; index < ending.Place + ending.Set.ListenersPerWorker; index++)
            {
                if (listeners.TryTakeEnding(ref ring, index, nowMs, out fd))
                {
                    return true;
                }
            }

            if (listeners.HasEnded(ending))
            {
                _ending[i] = _ending[--_endingCount];
                _ending[_endingCount] = null;
                ending.NoteClosed();
            }
        }

        index = -1;
        fd = -1;
        return false;
    }
}
