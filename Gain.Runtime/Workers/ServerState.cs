using Microsoft.Extensions.Logging;

namespace Gain.Workers;

/// <summary>What the workers of a server share. Any thread.</summary>
internal sealed class ServerState(ILogger logger, int maxConnections)
{
    private int _open;
    private int _active;
    private long _stopDeadlineMs;
    private int _stopRequested;

    private readonly GuardedLogger _logger = new(logger);

    /// <summary>Where messages go; it never throws.</summary>
    public ILogger Logger => _logger;

    /// <summary>The messages that the logger threw on.</summary>
    public long LostMessages => _logger.Lost;

    /// <summary>The connections between OnAccept and OnClose.</summary>
    public int ActiveConnections => Volatile.Read(ref _active);

    /// <summary>Whether the workers are to stop.</summary>
    public bool StopRequested => Volatile.Read(ref _stopRequested) != 0;

    /// <summary>
    /// When what is left is aborted; milliseconds as <see cref="Environment.TickCount64"/>.
    /// </summary>
    public long StopDeadlineMs => Volatile.Read(ref _stopDeadlineMs);

    /// <summary>Asks the workers to stop. Later calls may only bring the deadline forward.</summary>
    public void RequestStop(long deadlineMs)
    {
        if (Interlocked.CompareExchange(ref _stopDeadlineMs, deadlineMs, 0) != 0)
        {
            long seen;
            do
            {
                seen = Volatile.Read(ref _stopDeadlineMs);
            }
            while (deadlineMs < seen
                && Interlocked.CompareExchange(ref _stopDeadlineMs, deadlineMs, seen) != seen);
        }

        // Release: a worker that sees the request sees a deadline.
        Volatile.Write(ref _stopRequested, 1);
    }

    /// <summary>Counts a connection in, unless the server has as many as it may.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _open) > maxConnections)
        {
            Interlocked.Decrement(ref _open);
            return false;
        }

        Interlocked.Increment(ref _active);
        return true;
    }

    /// <summary>Counts a connection's end: OnClose is about to be called.</summary>
    public void CountClosed() => Interlocked.Decrement(ref _active);

    /// <summary>Counts a descriptor closed: the limit has room again.</summary>
    public void CountFreed() => Interlocked.Decrement(ref _open);
}
