using Gain.Sockets;

namespace Gain.Workers;

/// <summary>One of the addresses that a server listens on, from its opening until every thread has closed
/// it.</summary>
/// <param name="given">The address as it was given.</param>
/// <param name="set">The sockets of the server's threads.</param>
/// <param name="address">The number of the address of the start as which its connections are served.</param>
/// <param name="place">Its first place among the listeners of each thread.</param>
/// <param name="threads">How many threads accept at it.</param>
/// <param name="end">What is to be done when all have closed it, on a thread of the pool.</param>
internal sealed class OpenListener(
    ServerAddress given, ListenerSet set, byte address, int place, int threads, Action<OpenListener> end)
    : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private int _open = threads;

    /// <summary>The address as it was given.</summary>
    public ServerAddress Given => given;

    /// <summary>The sockets.</summary>
    public ListenerSet Set => set;

    /// <summary>The number of the address of the start as which its connections are served.</summary>
    public byte Address => address;

    /// <summary>What it was given when it was added; 0 for one of the start.</summary>
    public byte Tag { get; init; }

    /// <summary>Its first place among the listeners of each thread.</summary>
    public int Place => place;

    /// <summary>What its connections have to be given; null for nothing.</summary>
    public AcceptedSocketOptions? Adjustments { get; init; }

    /// <summary>Whether it is being stopped. Read and set by one thread at a time.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Ends when it is closed on all threads, and what else it has is free.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether datagrams arrive on one of its sockets.</summary>
    public bool HasDatagrams => Enumerable.Range(0, set.ListenersPerWorker).Any(set.IsDatagram);

    /// <summary>A thread has closed it. The pool does what is left: a worker has no time for it.</summary>
    public void NoteClosed()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        end(this);
        NoteEnded();
    }

    /// <summary>Gives up what it has, once no thread listens on it anymore. Again without effect.</summary>
    public void Release()
    {
        // The end of the server and that of the address may be at the same time: both wait for it.
        lock (_gate)
        {
            set.Dispose();
        }
    }

    /// <summary>Whoever waits for its end goes on.</summary>
    public void NoteEnded() => _ended.TrySetResult();
}
