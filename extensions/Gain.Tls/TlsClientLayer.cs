using Gain.Layers;
using Microsoft.Extensions.Logging;

namespace Gain.Tls;

/// <summary>TLS between the sockets of what is dialled and its protocol.</summary>
/// <param name="options">A copy that nobody changes.</param>
internal sealed class TlsClientLayer(TlsClientOptions options) : ConnectionLayer
{
    /// <inheritdoc/>
    public override string Name => "TLS";

    /// <inheritdoc/>
    public override TimeSpan SetupTimeout => options.HandshakeTimeout;

    /// <inheritdoc/>
    public override int MaxSetupStepsPerTurn => options.MaxHandshakesPerTurn;

    /// <inheritdoc/>
    // The program dials: the limits on connections bound it.
    public override int MaxSetups => int.MaxValue;

    /// <inheritdoc/>
    public override bool StartsOnRequest => true;

    /// <inheritdoc/>
    public override WorkerLayer Open(Action<long> resume, ILogger logger)
    {
        TlsContext context = TlsContext.ForClient(options);
        context.Resumable = resume;
        return new TlsWorkerLayer(live: null, context, options.TargetHost);
    }
}
