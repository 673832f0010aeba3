using Gain.Layers;

namespace Gain.Tls;

/// <summary>One worker's context, its window, and the sessions that are used again.</summary>
/// <param name="live">Where a server's options are in use; null for a client.</param>
/// <param name="context">The context to begin with.</param>
/// <param name="targetHost">Whom all servers have to be; null for the host that is dialled.</param>
internal sealed class TlsWorkerLayer(LiveContexts? live, TlsContext context, string? targetHost = null)
    : WorkerLayer
{
    private readonly Stack<TlsConnection> _free = new();
    private readonly Action<long>? _resume = context.Resumable;
    private TlsContext _context = context;

    // Set by any thread, taken by the worker's with the next connection: only it holds and leaves contexts.
    private TlsContext? _next;

    // Made by the first connection, and not where a start fails.
    private TlsWindow? _window;

    /// <inheritdoc/>
    public override LayerSession Begin(long tag, string? host, int port)
    {
        if (Volatile.Read(ref _next) is not null)
        {
            TakeNext();
        }

        if (!_free.TryPop(out TlsConnection? connection))
        {
            connection = new TlsConnection(this);
        }

        // Over a Unix socket nobody says which server it is.
        ResumptionTarget target = host is { Length: > 0 } ? new(host, port) : default;
        connection.Start(_context, _window ??= new TlsWindow(), tag, targetHost ?? host, target);
        return connection;
    }

    /// <summary>Has connections from now on begin with another context. Any thread.</summary>
    internal void Replace(TlsContext next)
    {
        next.Resumable = _resume;
        Interlocked.Exchange(ref _next, next)?.Dispose();
    }

    /// <summary>A connection has ended; its instance is the next one's.</summary>
    internal void Return(TlsConnection connection) => _free.Push(connection);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        live?.Remove(this);
        TakeNext();
        _context.Dispose();
        _window?.Dispose();
    }

    // Sessions of the one before hold it until they end.
    private void TakeNext()
    {
        if (Interlocked.Exchange(ref _next, null) is { } next)
        {
            _context.Dispose();
            _context = next;
        }
    }
}
