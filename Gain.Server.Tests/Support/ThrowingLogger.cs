using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server;

/// <summary>A logger that fails at every message, as one does whose disk is full.</summary>
internal sealed class ThrowingLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => throw new IOException("No space left on device");
}
