using Microsoft.Extensions.Logging;

namespace Gain.Tls;

/// <summary>
/// The workers that options are in use at, and what the options said when they were last applied: what the
/// user changes meanwhile is not looked at.
/// </summary>
internal sealed class LiveContexts
{
    private readonly Lock _lock = new();
    private readonly List<TlsWorkerLayer> _layers = [];
    private TlsServerOptions? _applied;
    private CertificateWatch? _watch;

    /// <summary>What holds; never null once there was an <see cref="Open"/> or a <see
    /// cref="Hold"/>.</summary>
    internal TlsServerOptions Applied => Volatile.Read(ref _applied)!;

    /// <summary>Lets options hold before a server starts with them.</summary>
    internal void Hold(TlsServerOptions options)
    {
        lock (_lock)
        {
            if (_layers.Count == 0)
            {
                Volatile.Write(ref _applied, options.Copy());
            }
        }
    }

    /// <summary>Opens a worker's part. The first reads the options, and begins to watch their
    /// files.</summary>
    /// <exception cref="TlsException">An option cannot be used.</exception>
    internal TlsWorkerLayer Open(TlsServerOptions options, Action<long> resume, ILogger logger)
    {
        lock (_lock)
        {
            TlsServerOptions applied = _layers.Count == 0 ? options.Copy() : Applied;
            TlsContext context = TlsContext.ForServer(applied);
            context.Resumable = resume;
            Volatile.Write(ref _applied, applied);
            var layer = new TlsWorkerLayer(this, context);
            _layers.Add(layer);
            if (_watch is null && applied.ReloadInterval is { } interval)
            {
                _watch = new CertificateWatch(this, interval, logger);
            }

            return layer;
        }
    }

    /// <summary>A worker has ended. With the last the watch ends.</summary>
    internal void Remove(TlsWorkerLayer layer)
    {
        CertificateWatch? ended = null;
        lock (_lock)
        {
            _layers.Remove(layer);
            if (_layers.Count == 0)
            {
                (ended, _watch) = (_watch, null);
            }
        }

        ended?.Dispose();
    }

    /// <summary>Makes contexts of what the options say now; all workers take theirs, or none does.</summary>
    /// <param name="options">The user's; null for what holds, with certificates as they are now.</param>
    /// <exception cref="TlsException">They cannot be used; nothing was changed.</exception>
    internal void Apply(TlsServerOptions? options)
    {
        lock (_lock)
        {
            TlsServerOptions applied = options?.Copy() ?? Applied;
            var contexts = new List<TlsContext>(_layers.Count);
            try
            {
                // Without a server, too, it is said now what cannot be used.
                do
                {
                    contexts.Add(TlsContext.ForServer(applied));
                }
                while (contexts.Count < _layers.Count);
            }
            catch
            {
                contexts.ForEach(context => context.Dispose());
                throw;
            }

            Volatile.Write(ref _applied, applied);
            if (_layers.Count == 0)
            {
                contexts[0].Dispose();
            }

            for (int i = 0; i < _layers.Count; i++)
            {
                _layers[i].Replace(contexts[i]);
            }
        }
    }
}
