using Gain.Memory;
using Gain.Sessions;
using Microsoft.Extensions.Logging;

namespace Gain.Workers;

/// <summary>What the workers of a server share. Any thread.</summary>
internal sealed class ServerState(ILogger logger, Admission admission, MemoryBudget budget)
{
    private long _stopDeadlineMs;
    private bool _stopRequested;

    private readonly GuardedLogger _logger = new(logger);

    /// <summary>Where messages go; it never throws.</summary>
    public ILogger Logger => _logger;

    /// <summary>The messages that the logger threw on, or had no room for.</summary>
    public long LostMessages => _logger.Lost;

    /// <summary>Waits, for a time, until what was logged is written.</summary>
    public void FlushLog() => _logger.Flush();

    /// <summary>The memory for what connections send and have to keep.</summary>
    public MemoryBudget Budget => budget;

    /// <summary>Who is let in.</summary>
    public Admission Admission => admission;

    /// <summary>How many sockets each worker has, and who hands it more.</summary>
    public HandOvers HandOvers { get; init; } = new(workers: 1, producers: 0);

    /// <summary>
    /// The last change of what the server listens on; <see cref="OpenListeners"/> adds further ones.
    /// </summary>
    public ListenerChange LastListenerChange { get; set; } = new();

    /// <summary>Who does what sessions offload.</summary>
    public OffloadPool Offloads { get; private set; } = new(1, 16);

    /// <summary>How many messages wait for the session of one connection.</summary>
    public int MaxMessagesWaiting { get; private set; } = 16;

    /// <summary>Whether the workers are to stop.</summary>
    public bool StopRequested => Volatile.Read(ref _stopRequested);

    /// <summary>
    /// When what is left is aborted; milliseconds of the workers' clock.
    /// </summary>
    public long StopDeadlineMs => Volatile.Read(ref _stopDeadlineMs);

    /// <summary>Sets how much is offloaded, before the workers are there.</summary>
    public void LimitSessions(LimitOptions limits)
    {
        Offloads = new OffloadPool(limits.MaxOffloads, limits.MaxOffloadsWaiting);
        MaxMessagesWaiting = limits.MaxMessagesWaiting;
    }

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
        Volatile.Write(ref _stopRequested, true);
    }
}
