using System.ComponentModel;

namespace Gain.Layers;

/// <summary>One worker's part of a <see cref="ConnectionLayer"/>, on its thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class WorkerLayer : IDisposable
{
    /// <summary>Begins with a connection.</summary>
    /// <param name="tag">What resumes it.</param>
    /// <param name="host">
    /// Whom a connection that was dialled is to, as a name or an IP address: it takes the first step, without
    /// input. Null for one that came in, which waits for its client's. Empty for a dialled one of which
    /// nobody knows whom it is to, as over a Unix socket.
    /// </param>
    /// <param name="port">The port that it was dialled at; 0 where there is none.</param>
    /// <returns>Its state, until <see cref="LayerSession.End"/>.</returns>
    public abstract LayerSession Begin(long tag, string? host, int port);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it has. All its sessions have ended.</summary>
    /// <param name="disposing">True, unless a finalizer calls.</param>
    protected abstract void Dispose(bool disposing);
}
