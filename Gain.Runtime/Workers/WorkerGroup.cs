namespace Gain.Workers;

/// <summary>A server's workers, whatever their protocol and ring. Used at start and stop only.</summary>
internal abstract class WorkerGroup
{
    [ThreadStatic]
    private static WorkerGroup? s_current;

    /// <summary>The ring that the workers run on, for logs.</summary>
    public abstract string RingDescription { get; }

    /// <summary>Ends when all workers have: with an exception if one failed.</summary>
    public abstract Task Completion { get; }

    /// <summary>
    /// Whether the calling thread runs one of this group's callbacks, and so may not wait for it.
    /// </summary>
    public bool IsCurrent => ReferenceEquals(s_current, this);

    /// <summary>Starts the threads and makes their rings, or fails and leaves nothing behind.</summary>
    public abstract void Open();

    /// <summary>Ends the threads that wait for <see cref="Start"/>: the start has failed.</summary>
    public abstract void Abandon();

    /// <summary>Calls OnStart and lets the workers accept.</summary>
    public abstract void Start(object server);

    /// <summary>Wakes every worker, so that it sees a change of the server's state.</summary>
    public abstract void NotifyAll();

    /// <summary>The sum of what the workers have counted.</summary>
    public abstract GainStatistics ReadStatistics();

    /// <summary>The longest turn of a worker since the last call, in milliseconds.</summary>
    public abstract long TakeLongestTurnMs();

    /// <summary>The threads: the workers, and the acceptor behind them.</summary>
    public abstract int Threads { get; }

    /// <summary>When a thread's turn began; 0 while it waits, and at its end. Any thread.</summary>
    public abstract long BusySinceMs(int thread);

    /// <summary>What a thread is doing, for messages. Any thread.</summary>
    public abstract Occupation Occupation(int thread);

    /// <summary>A value that names a worker's socket; false for one that is not for datagrams.</summary>
    public abstract bool TryGetDatagrams(int worker, int listener, out DatagramHandle handle);

    /// <summary>Has a worker dial. Any thread.</summary>
    public abstract void Dial(int worker, PostedDial request);

    /// <summary>Notes that the calling thread runs callbacks of this group.</summary>
    /// <returns>Whose it ran before, for <see cref="Leave"/>: a callback may start a server.</returns>
    protected WorkerGroup? Enter()
    {
        WorkerGroup? before = s_current;
        s_current = this;
        return before;
    }

    /// <summary>Notes that it is back where it was.</summary>
    protected static void Leave(WorkerGroup? before) => s_current = before;
}
