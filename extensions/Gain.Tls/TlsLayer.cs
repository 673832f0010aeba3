using Gain.Layers;

namespace Gain.Tls;

/// <summary>TLS between the sockets of a listener and its protocol.</summary>
internal sealed class TlsLayer(TlsServerOptions options) : ConnectionLayer
{
    /// <inheritdoc/>
    public override string Name => "TLS";

    /// <inheritdoc/>
    public override TimeSpan SetupTimeout => options.HandshakeTimeout;

    /// <inheritdoc/>
    public override int MaxSetupStepsPerTurn => options.MaxHandshakesPerTurn;

    /// <inheritdoc/>
    public override WorkerLayer Open(Action<long> resume)
    {
        TlsContext context = TlsContext.ForServer(options);
        context.Resumable = resume;
        return new TlsWorkerLayer(context);
    }
}
