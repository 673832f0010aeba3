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

    /// <summary>Calls OnStart and lets the workers accept.</summary>
    public abstract void Start(GainServer server);

    /// <summary>Wakes every worker, so that it sees a change of the server's state.</summary>
    public abstract void NotifyAll();

    /// <summary>The sum of what the workers have counted.</summary>
    public abstract GainStatistics ReadStatistics();

    /// <summary>The longest turn of a worker since the last call, in milliseconds.</summary>
    public abstract long TakeLongestTurnMs();

    /// <summary>A value that names a worker's socket; false for one that is not for datagrams.</summary>
    public abstract bool TryGetDatagrams(int worker, int listener, out DatagramHandle handle);

    /// <summary>Notes that the calling thread runs callbacks of this group, or no longer does.</summary>
    protected void SetCurrent(bool isCurrent) => s_current = isCurrent ? this : null;
}
