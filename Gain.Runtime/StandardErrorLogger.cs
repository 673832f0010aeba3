using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// The logger of a server that was given none: messages of a level and above, to standard error.
/// </summary>
internal sealed class StandardErrorLogger(LogLevel least) : ILogger
{
    // Opened at start: when descriptors have run out, there is something to write and nothing to open.
    private readonly TextWriter _output = Console.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string detail = exception is null ? string.Empty : $"{Environment.NewLine}{exception}";
            _output.WriteLine($"gain: {logLevel}: {formatter(state, exception)}{detail}");
        }
    }
}
