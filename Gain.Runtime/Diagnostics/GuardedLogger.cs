using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// Keeps the failures of a logger from its callers: a full disk, or a missing descriptor for its file, must
/// not end the worker that logs.
/// </summary>
internal sealed class GuardedLogger(ILogger inner) : ILogger
{
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(1);

    private long _lost;

    /// <summary>The messages that the logger failed to take, or had no room for.</summary>
    public long Lost => Interlocked.Read(ref _lost) + ((inner as StandardErrorLogger)?.Dropped ?? 0);

    /// <summary>Waits, for a time, until what was logged is written, where that is known.</summary>
    public void Flush() => (inner as StandardErrorLogger)?.Flush(s_flushLimit);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _lost);
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _lost);
        }
    }
}
