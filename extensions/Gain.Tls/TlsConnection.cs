using Gain.Layers;

namespace Gain.Tls;

/// <summary>A connection's <see cref="TlsSession"/>, as the engine uses it.</summary>
internal sealed class TlsConnection(TlsWorkerLayer owner) : LayerSession
{
    // A dialled connection of which nobody knows whom its server has to be: it has no session.
    private bool _isNameless;

    internal TlsSession Session { get; } = new();

    /// <summary>Whether the handshake is done.</summary>
    internal bool IsUp => Session.IsHandshaken;

    /// <inheritdoc/>
    public override bool HasPeerEnded => Session.HasReceivedClose;

    /// <inheritdoc/>
    public override string Failure => _isNameless
        ? $"nobody knows which host the server's certificate must be for: set {nameof(TlsClientOptions)}."
            + nameof(TlsClientOptions.TargetHost)
        : Session.Failure.Describe();

    internal void Start(
        TlsContext context, TlsWindow window, long tag, string? host, ResumptionTarget target)
    {
        _isNameless = host is { Length: 0 } && context.ChecksHostName;
        if (!_isNameless)
        {
            Session.Start(context, window, tag, host, target: target);
        }
    }

    /// <inheritdoc/>
    public override LayerStatus Receive(
        ref ReadOnlySpan<byte> input, Span<byte> plaintext, LayerOutput output, out int count)
    {
        if (_isNameless)
        {
            count = 0;
            return LayerStatus.Failed;
        }

        var sink = new Sink(output);
        return Session.Receive(ref input, plaintext, ref sink, out count) switch
        {
            TlsStatus.NeedsInput => LayerStatus.NeedsInput,
            TlsStatus.Data => LayerStatus.Data,
            TlsStatus.Handshaken => LayerStatus.Ready,
            TlsStatus.Suspended => LayerStatus.Suspended,
            TlsStatus.Closed => LayerStatus.Closed,
            _ => LayerStatus.Failed,
        };
    }

    /// <inheritdoc/>
    public override bool Seal(ReadOnlySpan<byte> plaintext, LayerOutput output)
    {
        if (!Session.IsHandshaken || Session.HasSentClose)
        {
            return false;
        }

        var sink = new Sink(output);
        return Session.Send(plaintext, ref sink) == TlsStatus.Written;
    }

    /// <inheritdoc/>
    public override void Close(LayerOutput output)
    {
        var sink = new Sink(output);
        Session.Close(ref sink);
    }

    /// <inheritdoc/>
    public override void End()
    {
        Session.End();
        owner.Return(this);
    }

    private readonly struct Sink(LayerOutput output) : ITlsOutput
    {
        public Span<byte> GetSpan(int sizeHint) => output.GetSpan(sizeHint);

        public void Advance(int count) => output.Advance(count);

        public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);
    }
}
