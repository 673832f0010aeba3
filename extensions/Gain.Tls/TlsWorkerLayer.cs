using Gain.Layers;

namespace Gain.Tls;

/// <summary>One worker's context, its window, and the sessions that are used again.</summary>
internal sealed class TlsWorkerLayer(TlsContext context) : WorkerLayer
{
    private readonly Stack<TlsConnection> _free = new();

    // Made by the first connection, and not where a start fails.
    private TlsWindow? _window;

    /// <inheritdoc/>
    public override LayerSession Begin(long tag)
    {
        if (!_free.TryPop(out TlsConnection? connection))
        {
            connection = new TlsConnection(this);
        }

        connection.Start(context, _window ??= new TlsWindow(), tag);
        return connection;
    }

    /// <summary>A connection has ended; its instance is the next one's.</summary>
    internal void Return(TlsConnection connection) => _free.Push(connection);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        context.Dispose();
        _window?.Dispose();
    }
}
