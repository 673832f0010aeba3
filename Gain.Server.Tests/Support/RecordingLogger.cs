using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server;

/// <summary>A logger that keeps what it is told, for a test to await and to count.</summary>
internal sealed class RecordingLogger : ILogger
{
    public Journal Messages { get; } = new();

    public LogLevel Least { get; init; } = LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Messages.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
        }
    }
}
