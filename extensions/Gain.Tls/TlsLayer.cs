using Gain.Layers;
using Microsoft.Extensions.Logging;

namespace Gain.Tls;

/// <summary>TLS between the sockets of a listener and its protocol.</summary>
internal sealed class TlsLayer(TlsServerOptions options, bool startsOnRequest) : ConnectionLayer
{
    /// <inheritdoc/>
    public override string Name => "TLS";

    /// <inheritdoc/>
    public override TimeSpan SetupTimeout => options.Live.Applied.HandshakeTimeout;

    /// <inheritdoc/>
    public override int MaxSetupStepsPerTurn => options.Live.Applied.MaxHandshakesPerTurn;

    /// <inheritdoc/>
    public override int MaxSetups => options.Live.Applied.MaxHandshakes;

    /// <inheritdoc/>
    public override bool StartsOnRequest => startsOnRequest;

    /// <inheritdoc/>
    public override WorkerLayer Open(Action<long> resume, ILogger logger) =>
        options.Live.Open(options, resume, logger);
}
