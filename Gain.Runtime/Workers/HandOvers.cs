namespace Gain.Workers;

/// <summary>
/// How many sockets each worker has, and who may still hand it more: what workers, and those that hand
/// connections to them, share. Any thread.
/// </summary>
/// <remarks>
/// A socket counts for a worker from the moment that somebody picks the worker for it until its descriptor
/// is closed. So a worker whose count is 0 after the last hand-over has nothing, not even on the way to it.
/// </remarks>
internal sealed class HandOvers
{
    // Two cache lines, as processors fetch them in pairs.
    private const int Stride = 128 / sizeof(int);

    // A worker's count is its own pair of lines; those before the first keep the array's head away.
    private readonly int[] _counts;
    private int _producers;
    private int _waiting;
    private Action? _notifyAll;
    private Action? _notifyWaiting;

    /// <param name="workers">The number of workers.</param>
    /// <param name="producers">The threads that may hand over: the acceptor, or all workers, or none.</param>
    public HandOvers(int workers, int producers)
    {
        Workers = workers;
        HasProducers = producers != 0;
        _producers = producers;
        _counts = new int[(workers + 1) * Stride];
    }

    /// <summary>The number of workers.</summary>
    public int Workers { get; }

    /// <summary>Whether anybody ever hands over.</summary>
    public bool HasProducers { get; }

    /// <summary>Whether nobody hands over anymore.</summary>
    public bool HaveEnded => Volatile.Read(ref _producers) == 0;

    /// <summary>The sockets of each worker.</summary>
    public WorkerLoads Loads => new(_counts.AsSpan(Stride), Stride);

    /// <summary>The sockets of all workers.</summary>
    public long Total
    {
        get
        {
            long sum = 0;
            for (int worker = 0; worker < Workers; worker++)
            {
                sum += this[worker];
            }

            return sum;
        }
    }

    /// <summary>The sockets of a worker.</summary>
    public int this[int worker] => Volatile.Read(ref CountOf(worker));

    /// <summary>Says how to wake workers, and who waits for room.</summary>
    /// <param name="notifyAll">Wakes all workers.</param>
    /// <param name="notifyWaiting">Wakes the acceptor.</param>
    public void Attach(Action notifyAll, Action? notifyWaiting)
    {
        Volatile.Write(ref _notifyAll, notifyAll);
        Volatile.Write(ref _notifyWaiting, notifyWaiting);
    }

    /// <summary>Counts a socket in: a worker was picked for it.</summary>
    public void Add(int worker) => Interlocked.Increment(ref CountOf(worker));

    /// <summary>Counts a socket out: its descriptor is closed, or it went elsewhere.</summary>
    public void Remove(int worker)
    {
        // A full barrier; pairs with BeginWait's: either this sees who waits, or that one sees the room.
        Interlocked.Decrement(ref CountOf(worker));
        WakeWaiting();
    }

    /// <summary>Says that a mailbox has room again.</summary>
    public void NoteRoom()
    {
        // As in Remove: the commands' places were given back before.
        Interlocked.MemoryBarrier();
        WakeWaiting();
    }

    /// <summary>Notes that the acceptor waits for room; it must look once more before it sleeps.</summary>
    public void BeginWait() => Interlocked.Exchange(ref _waiting, 1);

    /// <summary>Notes that the acceptor waits no longer.</summary>
    public void EndWait() => Volatile.Write(ref _waiting, 0);

    /// <summary>One of those that hand over does so no more, whatever the reason.</summary>
    public void EndProducer()
    {
        if (Interlocked.Decrement(ref _producers) == 0)
        {
            Volatile.Read(ref _notifyAll)?.Invoke();
        }
    }

    private void WakeWaiting()
    {
        if (Volatile.Read(ref _waiting) != 0)
        {
            Volatile.Read(ref _notifyWaiting)?.Invoke();
        }
    }

    private ref int CountOf(int worker) => ref _counts[(worker + 1) * Stride];
}
