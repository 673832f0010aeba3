using System.Text;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// The default logger of a server: it writes messages of a level and above to standard error, and never
/// waits. Text of peers cannot look like a line of the server: control characters are spelled out, and the
/// further lines of a message are indented.
/// </summary>
internal sealed class StandardErrorLogger(LogLevel least, LogWriter writer) : ILogger
{
    private const int MostCharacters = 16_384;
    private const int MostInner = 16;
    private const string Indent = "   ";

    private long _dropped;

    public StandardErrorLogger(LogLevel least)
        : this(least, LogWriter.ForStandardError())
    {
    }

    /// <summary>The messages that had no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

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
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = new StringBuilder($"gain: {logLevel}: {VisibleText.Of(formatter(state, exception))}");
        if (exception is not null)
        {
            Append(text, exception, "", MostInner);
        }

        if (text.Length > MostCharacters)
        {
            text.Length = MostCharacters;
            text.Append(" (cut off)");
        }

        if (!writer.TryWrite(text.ToString()))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Waits until what was logged is written.</summary>
    /// <param name="limit">How long at most.</param>
    public void Flush(TimeSpan limit) => writer.Flush(limit);

    // What Exception.ToString says, less the line ends of messages.
    private static void Append(StringBuilder text, Exception exception, string lead, int inners)
    {
        text.AppendLine().Append(Indent).Append(lead).Append(exception.GetType().FullName)
            .Append(": ").Append(VisibleText.Of(exception.Message));
        foreach (string line in exception.StackTrace?.Split('\n') ?? [])
        {
            text.AppendLine().Append(Indent).Append(VisibleText.Of(line.TrimEnd('\r')));
        }

        IReadOnlyList<Exception> inner = exception switch
        {
            AggregateException several => several.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        for (int i = 0; i < inner.Count && inners > 0 && text.Length < MostCharacters; i++)
        {
            Append(text, inner[i], "---> ", inners - 1);
        }
    }
}
