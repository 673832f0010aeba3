using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gain.Hosting.Tests;

/// <summary>Keeps what a host logs, with the scopes, for a test to wait for.</summary>
internal sealed class LogJournal : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);
    private IExternalScopeProvider? _scopes;

    public string[] Lines => [.. _lines];

    /// <summary>Waits for a line that has a text, and takes it and those in front of it.</summary>
    public async Task<string> AwaitAsync(string text)
    {
        while (true)
        {
            Assert.That(await _written.WaitAsync(TestHost.Patience), $"no \"{text}\"");
            if (_lines.TryDequeue(out string? line) && line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _written.Dispose();

    private void Write(string line)
    {
        var scopes = new List<string>();
        _scopes?.ForEachScope((scope, all) => all.Add($"{scope}"), scopes);
        _lines.Enqueue($"[{string.Join(", ", scopes)}] {line}");
        _written.Release();
    }

    private sealed class Writer(LogJournal journal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            journal.Write($"{logLevel} {category}: {formatter(state, exception)}");
    }
}
